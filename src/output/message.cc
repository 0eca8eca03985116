#include "output/message.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/file.h"

namespace lineprof {

void PrintMessage(std::string_view text) {
  std::string line = "lineprof: " + std::string(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  line += '\n';
  WriteAll(STDERR_FILENO, line);
}

int Fail(int status, std::string_view text) {
  PrintMessage(text);
  return status;
}

}  // namespace lineprof
