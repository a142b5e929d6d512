"""Expressions: one pattern of how officials write times, with the words that bound them (不晚于, 前, 内, 起).

What `pattern` finds has names: `kind_of` tells the kind, further groups the parts; `commitextract.periods` reads them.
A look-ahead for the first two characters keeps it fast, and no repeat is unbounded, so its time is linear.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cache

from commitextract.lexicons import alternation, table, terms
from commitextract.numerals import ARABIC, CHINESE

DASH = r"(?:(?:一直|持续|延续|延长)?[至到]|或者?|[-—–―~～－]{1,2})"
_DIGIT = "[一二三四五六七八九]"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = rf"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十{_DIGIT}?|廿{_DIGIT}?|{_DIGIT})"
_LUNAR_DAY = rf"(?:初(?:{_DIGIT}|十)|二?十{_DIGIT}?|廿{_DIGIT}?|三十)"
_PART = r"(?:[上中]?[中下]旬|上旬|[上下]半月|[初底末]|中(?![国央学心小华]))"
RELATIVE = {row["term"]: row for row in table("relative_times")}


def _first(words: Iterable[str]) -> str:
    """Return the first characters of words, so that a look-ahead for them spares what cannot follow."""
    return "".join(sorted({word[0] for word in words}))


def _named(unit: str) -> str:
    """Return a pattern of the years or days named from another, where they are no part of another word."""
    forms = []
    for term, row in RELATIVE.items():
        words = row["not_after"].split()
        plain = sorted((word for word in words if word.isalpha()), key=len)
        before = [alternation(of_a_length) for _, of_a_length in itertools.groupby(plain, len)]
        before += [word for word in words if not word.isalpha()]
        other = [f"(?<!{form}{term})" for form in before]
        other += [f"(?!{alternation(row['not_before'].split())})"] if row["not_before"] else []
        forms += [term + "".join(other)] if row["unit"] == unit else []
    return f"(?:{'|'.join(forms)})"


_OUR_YEAR = "(?:19|20)[0-9]{2}"
_N = rf"(?:{ARABIC}|{CHINESE}|半)"
_UNIT = r"(?P<{0}>年半?|(?<=[个半])月|(?<=[一两])月(?=[之以]?内)|星期|礼拜|周|工作日|日|天|小时|分钟|季度|学期)"
_FESTIVALS = "|".join(
    row["name"] + (f"(?={row['followed']})" if row["followed"] else "(?![路街])") for row in table("festivals")
)
_OF_TWO_DIGITS = rf"(?=[0-9]{{1,2}}月|十?{_DIGIT}?月|[初底末]|年?[初底末]|[上下]半年|第?[一二三四]季度|[春秋]季)"
YEAR = (
    rf"(?=[0-9零〇二两{_first(RELATIVE)}])(?:(?<![0-9])(?:(?:19|20)[0-9]{{2}}年度?|1[0-9]{{3}}年(?={_MONTH}月)|[1-3][0-9]年{_OF_TWO_DIGITS}|0[0-9]年)|[零〇]{_DIGIT}年|二[〇零○][〇零○一二三四五六七八九]{{2}}年度?"
    rf"|两千(?:[零〇]{_DIGIT}|[零〇]?{_DIGIT}?十{_DIGIT}?)年|{_named('year')}度?)(?![级届版款型])"
)
_HOUR = r"(?:（(?:星期|周)[一二三四五六日天]）|，?(?:星期|礼拜)[一二三四五六日天])?(?:上午|下午|晚上?)?(?:[0-9]{1,2}(?:[时点](?:[0-9]{1,2}分|半)?|:[0-9]{2}))?"
_BEFORE_FESTIVAL = r"”?节?”?(?P<dayoff>假期?|小长假|黄金周)?"
_END = r"(?=[，。；）]|$|之?间|(?:或|及)?之?[前后]|以[前后]|左右|起|止|截止|上午|下午|晚|将|完成)"
BOUND = (
    r"(?P<bound>(?:[或及]?之|[或及]?以|及)前|前后|前(?![期述往提景三两来进瞻置沿列端])|左右|之内|以内|内(?![容部外涝])"
    r"|(?:[或及]?之|[或及]?以)后|后(?![续期勤])|起(?![草步到来诉])|(?:为|截)?止(?![水血损境付])|期间)?"
)

_AND = "[、和与及]"
_NEXT = "|".join(f"{a}、{b}" for row in (range(1, 13), "一二三四五六七八九十") for a, b in itertools.pairwise(row))


def _list(name: str, one: str) -> str:
    """Return a pattern of all but the last of a list of numbers with one unit: 7、8、(9月)."""
    return rf"(?P<listed{name}>(?:{_AND}{one}){{0,9}}{_AND})"


def _no_point(one: str) -> str:
    """Return a pattern that fails at the number of a point of a list (2、10月底前完成) but not at 9、10月."""
    return rf"(?:(?<=[^\n。；：])|(?={_NEXT})|(?!{one}、))"


_ISO = r"(?:19|20)[0-9]{{2}}(?P<{0}>[-/.])(?:1[0-2]|0?[1-9])(?:(?P={0})(?:3[01]|[12][0-9]|0?[1-9])|(?!\.?[0-9万亿千百元米平公里吨亩立升度个人户张辆%㎡kmg克斤顷]))"

_KINDS = {
    # 2021-9-15, 2021.9, 2018/1/10-2018/7/10
    "date": rf"(?<![0-9.\-/])(?:(?P<lowdate>{_ISO.format('lowmark')}){DASH})?(?P<isodate>{_ISO.format('mark')})(?![0-9])",
    # “十四五”期间, “十三五”末
    "plan": r"[“\"]?十(?P<five>[一二三四五六七])五[”\"]?(?:规划)?(?P<planpart>期间|时期|期末|末期?|初期?|期内|[中后]期|规划期|(?<=”)内)",
    # 正月初十, 农历八月十五
    "lunar": rf"(?:(?P<lunaryear>{YEAR}))?(?=[农正冬腊])(?:农历(?P<anymonth>正月|冬月|腊月|十[一二]?月|{_DIGIT}月)|(?P<ownmonth>正月|冬月|腊月))(?P<lunarday>{_LUNAR_DAY})日?",
    # 汛期前, 9月开学前
    "events": rf"(?:(?P<eventyear>{YEAR})的?|(?<![0-9])(?P<eventmonth>{_MONTH})月份?|[春秋]季)?(?=[{_first(terms('season_events'))}])(?P<event>{alternation(terms('season_events'))})(?:来临|到来|结束|开始)?(?=之?[前后]|以[前后]|期间)",
    # 2021年9月15日, 7—9月, 10月第一周, 2022年前三个月, 明年上半年, 三季度末, 秋季, 国庆假期, 年底, 年内
    "ofyear": rf"(?:(?P<year>{YEAR})的?)?(?=[0-9一二三四五六七八九十元第春夏秋冬农“年岁底末初中内{_first(row['name'] for row in table('festivals'))}]|[上下]半|最后|[前后][0-9半两一二三四五六七八九十])(?:"
    rf"(?!(?<!十)[一两]月[之以]?内)(?<![0-9.一二三四五六七八九十])(?<!星期)(?:{_no_point(_MONTH)}(?P<lowmonth>{_MONTH})(?:(?:月份?)?{DASH}|{_list('month', _MONTH)}(?={_MONTH}月(?!份?(?:{_DAY}[日号]|{_PART})))))?(?P<month>{_MONTH})月(?!龄)份?"
    rf"(?:的?第(?P<monthweek>[一二三四五1-5])个?(?:周|星期)|(?:(?P<lowday>{_DAY})(?:[日号]?{DASH}|{_list('day', _DAY)}))?(?P<day>{_DAY})[日号]{_HOUR}"
    rf"|(?P<chineseday>二?十{_DIGIT}?|三十一?)(?=[，。]|$|之?前|以前|起|后)|(?P<monthpart>{_PART}))?"
    rf"|(?(year)(?P<edge>前|最?后|第)(?P<count>[0-9]{{1,2}}|两|十?{_DIGIT})个?(?P<stretch>月|季度|周|星期)|(?!))"
    rf"|(?P<half>[上下前后]半年)|(?:{_no_point('[一二三1-3]')}第?(?P<lowquarter>[一二三1-3])(?:{DASH}|{_list('quarter', '[一二三1-3]')}))?第?(?P<quarter>[一二三四1-4])(?:(?<=第.)个)?季度(?P<quarterend>末)?|前(?P<quarters>[二三])个?季度"
    r"|(?<![春夏秋]、)(?P<season>[春夏秋冬])(?:季|天|修时节)(?:学期)?"
    rf"|(?:农历)?“?(?P<festival>{_FESTIVALS}){_BEFORE_FESTIVAL}"
    r"|(?P<yearend>年[底末终](?![结奖考总评决绩])|岁末|年关|年尾|(?<=年)[底末])|(?P<yearstart>年初(?![步中三一二级高])|(?<=年)初(?![步中三一二级高]))|(?P<midyear>年中|(?<=年)中(?![国央心期学小]))"
    r"|(?<![0-9一二三四五六七八九十几数半两])(?P<inyear>年[内前]|(?<=年)年?内)"
    r")",
    # 今冬明春
    "winter": r"今冬明春",
    # 今明两年, 2022-2023年, 明年
    "years": rf"(?P<these>今(?=、?明)|明(?=、?后))、?[明后]两年|(?:(?<![0-9])(?P<lowyear>{_OUR_YEAR})(?:年?{DASH}|{_list('year', _OUR_YEAR)}(?=[12])))?(?P<onlyyear>{YEAR})(?(lowyear)(?P<yearpart>[底末初](?![步中三一二级高]))?)",
    # 本月20日, 下月初
    "relmonth": rf"(?P<which>本月|这个月|当月|次月|下下个?月|[上下]个?月)份?(?:(?:(?P<lowrelday>{_DAY})[日号]?{DASH})?(?P<relday>{_DAY})[日号]|(?P<relpart>{_PART}))?",
    # 下季度
    "relquarter": r"(?P<whichquarter>[本上下])个?季度(?P<thatend>末)?",
    # 下周三, 本周内
    "week": r"(?P<thatweek>本|这|上上|下下|[上下])个?(?:周|星期|礼拜)(?P<ofweek>[一二三四五六日天末])?"
    rf"(?:(?<=[一二三四五六日天]){DASH}(?:周|星期|礼拜)(?P<toweekday>[一二三四五六日天]))?",
    # 周三, 星期一
    "weekday": r"(?<![每逢个一两几数0-9十至到、~—\-])(?:(?:星期|礼拜)(?P<longday>[一二三四五六日天])(?![至到、和及\-—~])|周(?P<shortday>[一二三四五六日])(?![至到、和及\-—~围边岁期年]))",
    # 下半月
    "halves": "(?P<whichhalf>[上下])半(?P<ofwhat>[周月])",
    # 月底
    "monthend": r"(?<![0-9个每当次元正冬腊一二三四五六七八九十半])月(?P<thispart>[底末]|[初中](?=之?[前后]|以前|[，。；]|$|将))",
    # 两年内, 一个半月内, 三年时间, 未来三个月, 近两天, 15个工作日内
    "length": rf"(?:(?P<ahead>未来|今后|接下来)|(?P<near>最?近)|(?P<use>(?<=(?<!利)用)|(?<=在)))?(?<![0-9.零〇○一二三四五六七八九十百千万亿两半])"
    rf"(?:(?P<lown>{_N})(?P<lowmore>个半)?个?{_UNIT.format('lowunit')}(?:[之以]?内)?{DASH}(?!{_OUR_YEAR}年))?"
    rf"(?P<n>(?:{_N}|几(?=个?[年月周日天星][之以期]?内))(?:{DASH}(?:{ARABIC}|{CHINESE}))?)(?P<more>个半)?个?{_UNIT.format('unit')}"
    r"(?P<time>的?时间)?"
    r"(?:(?P<within>之内|以内|内(?![容部外涝])|左右|之后|以后|后(?![续期勤]))|(?(ahead)|(?(near)(?<=[日天])(?!以?来)|(?(use)(?:(?<=时间)|(?<=工作日))|(?!)))))",
    # 15日至20日, 15号到20号 (of days: 15号至20号楼 are buildings, 3-5日 is a length), 15日前
    "bareday": rf"(?:(?:(?<![^，。；：（\n于在从自])(?P<lowopenday>{_DAY})(?:日{_HOUR}起?|(?<=于.)|(?<=于..)){DASH}(?P<highday>{_DAY})日(?![之以]?内|游|龄){_HOUR}"
    rf"|(?:(?<=(?<![位处居坐])于)|(?<=(?<![存落])[在从自]))(?P<lownumber>{_DAY})号?{DASH}(?P<highnumber>{_DAY})号(?!之?间|[楼栋幢室门院铺井线窗车地宗房厂仓墩桌机路电站口台]))"
    rf"|(?:(?<![^，。；：（\n于在])|(?<=[0-9一二三四五六七八九十]月.日、)|(?<=[0-9一二三四五六七八九十]月..日、))(?P<openday>3[01]|[12][0-9]|[1-9]|三十一?|二?十{_DIGIT}?)日(?![之以]?内|游|龄|左右|[元均过期的]|{_HOUR}起?{DASH}{_DAY}[日号])|(?<![日号][至到—~\-])(?<![0-9第.\-/年月日号、字〕］\])）一二三四五六七八九])(?P<boundday>3[01]|[12][0-9]|[1-9]|三十一?|二?十{_DIGIT}?)[日号]{_END})",
    # 明天, 即日
    "days": rf"{_named('day')}(?![0-9]{{1,2}}[点时:]|头条)",
    # 届时
    "then": "届时|到时候?",
    # 任期内
    "open": rf"{alternation(terms('open_limits'))}|(?<![0-9一二三四五六七八九十几数半两])年后",
}
_NUMERALS = "零〇○一二三四五六七八九十两半廿几"
_TWO = {word[:2] for name in ("season_events", "open_limits") for word in terms(name)}
_TWO |= {term[:2] for term in RELATIVE} | {row["name"][:2] for row in table("festivals")}
_STARTS = rf"""(?=(?<![0-9])[0-9]|(?<![{_NUMERALS}百千万亿])[{_NUMERALS}][{_NUMERALS}百千年月日天个季周星礼小分工至到或、\-—号]|[“"][十元五七八六三国春中端清]|[到至][0-9今明后年本下十“二]
|截[至止]|不[会超晚迟]|最[迟晚近]|第[{_NUMERALS}1-4]|今[明冬后]|明[、后]|前[半二三]|[上下]半|[上下][上下]?[个周星礼月季]|本[月周星礼季]|这[个周星礼]|[当次正冬腊元]月
|未来|接下|近[0-9{_NUMERALS}]|农历|[春夏秋冬][季天修]|年[底末终初中关尾内前后]|岁末|月[底末初中]|周[一二三四五六日]|星期|礼拜|届时|到时|{alternation(_TWO)})"""


@cache
def pattern() -> re.Pattern[str]:
    """Return the pattern; it is compiled when it is first asked for."""
    return re.compile(
        _STARTS.replace("\n", "")
        + r"(?P<until>不会?超过|不[晚迟]于|(?:最迟|最晚)(?:不超过|[到至于在])?|截[至止][到至于]?|(?<![0-9年月日号底初末季迟期延截止要])[到至](?=[0-9今明后年本下十“二]))?(?:"
        + "|".join(f"(?P<{kind}>{form})" for kind, form in _KINDS.items())
        + rf"){BOUND}"
    )


def kind_of(m: re.Match[str]) -> str:
    """Return the kind of expression that the pattern found: a key of its table."""
    return next(kind for kind in _KINDS if m[kind] is not None)
