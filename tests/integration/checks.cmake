# Programs that integration tests run; they end up in ${CMAKE_BINARY_DIR}/tests.

# The other half of test_line_tables.py.
add_executable(lineprof_line_table_check ${CMAKE_CURRENT_LIST_DIR}/line_table_check.cc)
target_link_libraries(lineprof_line_table_check PRIVATE lineprof_pyruntime)

set_target_properties(lineprof_line_table_check PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
