#include "recording/choice_channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr char kSocketName[] = "choices";
constexpr size_t kFields = 5;

// The socket's address. A path in sockaddr_un has but 108 bytes: the directory is named by an open
// descriptor of it.
bool FillAddress(int directory, sockaddr_un* address) {
  *address = {};
  address->sun_family = AF_UNIX;
  const int length = std::snprintf(address->sun_path, sizeof(address->sun_path),
                                   "/proc/self/fd/%d/%s", directory, kSocketName);
  return length > 0 && static_cast<size_t>(length) < sizeof(address->sun_path);
}

// A connected or listening socket, by what `use` does with the address; -1 with errno.
template <typename Use>
UniqueFd OpenSocket(const std::string& directory, Use use) {
  const UniqueFd folder(open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok()) return UniqueFd();
  UniqueFd socket_fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  sockaddr_un address;
  if (!socket_fd.ok() || !FillAddress(folder.get(), &address)) return UniqueFd();
  if (!use(socket_fd.get(), reinterpret_cast<const sockaddr*>(&address))) return UniqueFd();
  return socket_fd;
}

}  // namespace

std::string EncodeQuestion(const ChoiceQuestion& question) {
  std::string bytes = question.filename + '\0' + question.qualified_name + '\0';
  bytes += question.is_main ? '1' : '0';
  bytes += '\0' + question.working_directory + '\0' + question.libraries;
  return bytes;
}

std::optional<ChoiceQuestion> DecodeQuestion(std::string_view bytes) {
  std::array<std::string_view, kFields> fields;
  for (size_t i = 0; i < kFields; ++i) {
    const size_t end = bytes.find('\0');
    if ((end == std::string_view::npos) != (i + 1 == kFields)) return std::nullopt;
    fields[i] = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  if (fields[2] != "0" && fields[2] != "1") return std::nullopt;
  return ChoiceQuestion{std::string(fields[0]), std::string(fields[1]), fields[2] == "1",
                        std::string(fields[3]), std::string(fields[4])};
}

Result<int> ListenForQuestions(const std::string& directory) {
  constexpr int kBacklog = 128;
  UniqueFd listening = OpenSocket(directory, [](int fd, const sockaddr* address) {
    return bind(fd, address, sizeof(sockaddr_un)) == 0 && listen(fd, kBacklog) == 0;
  });
  if (!listening.ok())
    return Error{"cannot make a socket in " + directory + ": " + ErrnoText(errno)};
  return listening.Release();
}

bool AskChoice(const std::string& directory, const ChoiceQuestion& question) {
  const UniqueFd asking = OpenSocket(directory, [](int fd, const sockaddr* address) {
    constexpr timeval kPatience{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    return connect(fd, address, sizeof(sockaddr_un)) == 0;
  });
  if (!asking.ok()) return true;
  const std::string bytes = EncodeQuestion(question);
  char answer = '1';
  if (send(asking.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 ||
      recv(asking.get(), &answer, 1, 0) != 1) {
    return true;
  }
  return answer != '0';
}

}  // namespace lineprof
