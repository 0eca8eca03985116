"""Runs tests of the standard library's own: python library_tests.py json|argparse|difflib."""
import sys

module = sys.argv[1]
# pprofile has imported some of it already: its import is to be counted.
for name in list(sys.modules):
    if name.split(".")[0] == module:
        del sys.modules[name]
import unittest  # which imports argparse and difflib

SUITES = {
    # Not test_tool: it starts processes, which pprofile does not follow.
    "json": ["decode", "default", "dump", "encode_basestring_ascii", "fail", "float", "indent", "pass1",
             "pass2", "pass3", "scanstring", "separators", "speedups", "unicode"],
    "argparse": ["TestOptionalsSingleDash", "TestPositionalsNargs2", "TestAddSubparsers",
                 "TestActionUserDefined", "TestParentParsers", "TestMutuallyExclusiveGroupErrors", "TestNamespace"],
    "difflib": ["TestWithAscii", "TestBytes", "TestOutputFormat", "TestJunkAPIs", "TestFindLongest"],
}
PREFIXES = {"json": "test.test_json.test_", "argparse": "test.test_argparse.", "difflib": "test.test_difflib."}

suite = unittest.defaultTestLoader.loadTestsFromNames([PREFIXES[module] + name for name in SUITES[module]])
with open("/dev/null", "w") as nowhere:
    result = unittest.TextTestRunner(stream=nowhere).run(suite)
sys.exit(result.testsRun < 10)
