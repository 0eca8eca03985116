// Where the input of object_reader_fuzz has what: shared with its seeds. THREAD: any.
#ifndef LINEPROF_TESTS_FUZZ_PYTHON_OBJECTS_H_
#define LINEPROF_TESTS_FUZZ_PYTHON_OBJECTS_H_

#include <cstdint>

namespace lineprof::fuzz {

// The i-th is at word i of the image.
inline constexpr const char* kSymbols[] = {"_Py_NoneStruct", "_Py_TrueStruct", "_Py_FalseStruct",
                                           "PyLong_Type",    "PyFloat_Type",   "PyUnicode_Type",
                                           "PyBytes_Type",   "PyList_Type",    "PyTuple_Type",
                                           "PyDict_Type",    "PyCell_Type"};
// Where the object is that is looked at.
inline constexpr uint64_t kObject = 128;

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_PYTHON_OBJECTS_H_
