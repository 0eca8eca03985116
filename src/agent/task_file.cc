#include "agent/task_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace lineprof {

bool ReadTaskFile(pid_t tid, const char* name, char* text, size_t size) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/self/task/%d/%s", static_cast<int>(tid), name);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t length = read(fd, text, size - 1);
  close(fd);
  if (length <= 0) return false;
  text[length] = '\0';
  return true;
}

}  // namespace lineprof
