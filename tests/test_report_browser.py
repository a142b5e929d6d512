"""The evaluation report in a real browser: Debian's Chromium and ChromeDriver (apt-get install chromium chromium-driver)."""

import base64
import dataclasses
import io
import re
import shutil
import time

import pytest
from conftest import HOSTILE

from commitextract.evaluation import Evaluation
from commitextract.evaluation_report import evaluation_page

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install -e '.[dev]'")
CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs a browser: apt-get install chromium chromium-driver"
)
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--window-size=1280,900",
]
COPIES, AGAIN = 20, 25  # of three replies with four errors


@pytest.fixture(scope="module")
def browser():
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def path(evaluations, tmp_path_factory):
    """A report of 2,000 errors."""
    many = {name: e if name == "annotators" else repeated(e) for name, e in evaluations.items()}
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(evaluation_page(many), "utf-8")
    return path


def repeated(evaluation):
    documents = [
        dataclasses.replace(d, id=f"{d.id}-{n}", errors=d.errors * AGAIN)
        for n in range(COPIES)
        for d in evaluation.documents
    ]
    return Evaluation(tuple(documents))


@pytest.fixture
def page(browser, path):
    browser.get(path.as_uri())
    return browser


def rows(page):
    return page.find_elements("css selector", "#errors-table tbody tr[data-kind]")


def count(page):
    return page.find_element("id", "count").text


def press(page, *keys):
    webdriver.ActionChains(page).send_keys(*keys).perform()


def tab_to(page, wanted, most=60):
    """Press Tab until the element described by a CSS selector has the focus."""
    for _ in range(most):
        press(page, "\ue004")
        if page.execute_script("return document.activeElement.matches(arguments[0])", wanted):
            return
    raise AssertionError(f"no key press reaches {wanted}")


def test_it_opens_without_complaint(page):
    assert page.get_log("browser") == []  # errors, refused styles and scripts are logged
    assert page.title == "How far to trust these extractions"
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert page.execute_script("return document.images.length + document.scripts.length") == 1
    assert count(page) == "2,000 of 2,000 errors match; 100 shown" and len(rows(page)) == 100


def test_a_policy_violation_would_be_noticed(browser, path, tmp_path):
    broken = tmp_path / "broken.html"
    broken.write_text(path.read_text("utf-8").replace("</main>", "<script>1</script></main>"), "utf-8")
    browser.get(broken.as_uri())
    assert any("Content Security Policy" in entry["message"] for entry in browser.get_log("browser"))


def test_sorting_with_the_keyboard(page):
    tab_to(page, "button[data-by=reply]", 80)
    header = page.switch_to.active_element.find_element("xpath", "..")
    assert page.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press(page, "\ue007")
    assert header.get_attribute("aria-sort") == "ascending"
    assert list(dict.fromkeys(row.get_attribute("data-reply") for row in rows(page))) == ["r0-0", "r0-1"]
    press(page, " ")
    assert header.get_attribute("aria-sort") == "descending"
    replies = dict.fromkeys(row.get_attribute("data-reply") for row in rows(page))
    assert list(replies) == ["r2-19", "r2-18", "r2-17", "r2-16"]  # numbers by value: r2-9 is further down
    assert len(page.find_elements("css selector", "th[aria-sort]")) == 1


def test_rows_without_a_score_come_last(page):
    button = page.find_element("css selector", "button[data-by=score]")
    for _ in range(2):
        button.click()
        assert rows(page)[0].get_attribute("data-score") == "0.9000"


def test_filtering_with_the_keyboard(page):
    tab_to(page, "select[name=kind]")
    press(page, "label")
    assert count(page) == "500 of 2,000 errors match; 100 shown"
    assert {row.get_attribute("data-kind") for row in rows(page)} == {"label"}
    tab_to(page, "input[name=words]")
    press(page, "IMG SRC=x")
    assert count(page).startswith("500 of") and HOSTILE in rows(page)[0].text
    press(page, "?")
    assert count(page) == "0 of 2,000 errors match; 0 shown" and not rows(page)
    assert page.find_element("id", "count").get_attribute("aria-live") == "polite"
    tab_to(page, "button[type=reset]")
    press(page, "\ue007")
    wait_for(lambda: count(page) == "2,000 of 2,000 errors match; 100 shown")


def wait_for(condition, seconds=2):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_cause_shows_its_errors(page):
    button = page.find_element("css selector", "button[data-cause='strength: firm taken for hedged']")
    assert button.get_attribute("aria-label") == "Show the errors: strength: firm taken for hedged"
    button.send_keys("\ue007")
    wait_for(lambda: count(page).startswith("500 of"))
    assert {row.get_attribute("data-kind") for row in rows(page)} == {"strength"}
    assert page.switch_to.active_element.get_attribute("name") == "cause"


def test_more_rows_on_demand(page):
    page.find_element("id", "more").send_keys("\ue007")
    assert count(page) == "2,000 of 2,000 errors match; 200 shown" and len(rows(page)) == 200
    assert page.execute_script("return document.activeElement.dataset.kind") is not None


def test_the_first_key_leads_past_the_plots(page):
    press(page, "\ue004")
    assert page.switch_to.active_element.text == "Skip to the errors"


def test_thousands_of_errors_stay_fast(page):
    load = page.execute_script("const [t] = performance.getEntriesByType('navigation'); return t.loadEventEnd")
    took = page.execute_script(
        "const start = performance.now(); document.querySelector('button[data-by=label]').click();"
        "const words = document.querySelector('[name=words]'); words.value = '站点';"
        "words.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight;"
        "return performance.now() - start"
    )
    assert load < 5000 and took < 1000, f"{load:.0f} ms to load, {took:.0f} ms to sort, filter and lay out"


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_nothing_runs_over_the_side(page, width):
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert page.execute_script("return [innerWidth, document.documentElement.scrollWidth]") == [width, width]
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_without_scripts_every_row_is_there(browser, path):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(path.as_uri())
        assert len(rows(browser)) == 2000
        assert not browser.find_element("id", "filters").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_print(page):
    pypdf = pytest.importorskip("pypdf")
    page.find_element("name", "kind").send_keys("missed")
    page.find_element("name", "words").send_keys("r0-1")
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    texts = [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(base64.b64decode(printed))).pages]
    assert len(texts) > 5 and all(len(text) > 100 for text in texts)
    whole = "".join(texts)
    assert "precision" in texts[0] and "recall" in whole  # the text of the figures is text
    assert len(re.findall(r"r0-\d+", whole)) == 275  # all that match, not only those on the screen
    assert "Show all" not in whole
    assert len(rows(page)) == 100
