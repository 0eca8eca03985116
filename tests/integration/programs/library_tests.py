"""Runs tests of the standard library's own: python library_tests.py json|argparse|difflib [all].

Some of them, or all."""
import sys

module = sys.argv[1]
# pprofile has imported some of it already: its import is to be counted.
for name in list(sys.modules):
    if name.split(".")[0] == module:
        del sys.modules[name]
import unittest  # which imports argparse and difflib

# Some of the tests are as long as this limit, which was another under pprofile.
sys.setrecursionlimit(1000)

# What of json's test_recursion ends in a RecursionError is left out: there is no room for pprofile's trace function
# then, and the interpreter takes it away for good.
CIRCLES = ["recursion.Test%sRecursion.test_%srecursion" % (kind, what)
           for kind in ("Py", "C") for what in ("list", "dict", "default")]
SUITES = {
    # Not test_tool: it starts processes, which pprofile does not follow.
    "json": ["decode", "default", "dump", "encode_basestring_ascii", "fail", "float", "indent", "pass1",
             "pass2", "pass3", "scanstring", "separators", "speedups", "unicode", *CIRCLES],
    "argparse": ["TestOptionalsSingleDash", "TestPositionalsNargs2", "TestAddSubparsers",
                 "TestActionUserDefined", "TestParentParsers", "TestMutuallyExclusiveGroupErrors", "TestNamespace"],
    "difflib": ["TestWithAscii", "TestBytes", "TestOutputFormat", "TestJunkAPIs", "TestFindLongest"],
}
ALL_OF_JSON = [*SUITES["json"], "enum"]
PREFIXES = {"json": "test.test_json.test_", "argparse": "test.test_argparse.", "difflib": "test.test_difflib."}

if sys.argv[2:] != ["all"]:
    names = [PREFIXES[module] + name for name in SUITES[module]]
elif module == "json":
    names = [PREFIXES[module] + name for name in ALL_OF_JSON]
else:
    names = ["test.test_" + module]
suite = unittest.defaultTestLoader.loadTestsFromNames(names)
with open("/dev/null", "w") as nowhere:
    result = unittest.TextTestRunner(stream=nowhere).run(suite)
sys.exit(result.testsRun < 10)
