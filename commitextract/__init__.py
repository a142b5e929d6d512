"""commitextract: who promised what, how much and by when, from Chinese government replies.

>>> import commitextract as ce
>>> reply = ce.extract("我局将在年底前新建站点36个。", date="2021-08-30")
>>> reply.commitments[0].deadline.edtf
'../2021-12-31'
"""

from commitextract.agency_table import AgencyTable, AgencyTableError, read_agencies
from commitextract.annotation import select
from commitextract.api import find_agencies, find_deadlines, find_quantities, segment
from commitextract.batch import extract_frame, ledger, quantities_frame
from commitextract.classifier import ModelError
from commitextract.comparison import compare
from commitextract.datasets import read_replies, write_replies
from commitextract.evaluation import annotators, evaluate, score
from commitextract.extractor import Extractor, extract, load
from commitextract.readers import ReadError, example, read_text
from commitextract.schema import Reply, SchemaError
from commitextract.segmentation import Segmenter
from commitextract.training import train

__version__ = "0.1.0"

__all__ = [
    "AgencyTable",
    "AgencyTableError",
    "Extractor",
    "ModelError",
    "ReadError",
    "Reply",
    "SchemaError",
    "Segmenter",
    "annotators",
    "compare",
    "evaluate",
    "example",
    "extract",
    "extract_frame",
    "find_agencies",
    "find_deadlines",
    "find_quantities",
    "ledger",
    "load",
    "quantities_frame",
    "read_agencies",
    "read_replies",
    "read_text",
    "score",
    "segment",
    "select",
    "train",
    "write_replies",
]
