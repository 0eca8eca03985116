# The other half of test_line_tables.py; ends up in ${CMAKE_BINARY_DIR}/tests.
add_executable(lineprof_line_table_check ${CMAKE_CURRENT_LIST_DIR}/line_table_check.cc)
target_link_libraries(lineprof_line_table_check PRIVATE lineprof_pyruntime)
set_target_properties(lineprof_line_table_check PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
