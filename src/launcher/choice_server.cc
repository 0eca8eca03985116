#include "launcher/choice_server.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace lineprof {

Result<std::unique_ptr<ChoiceServer>> ChoiceServer::Start(const std::string& directory,
                                                          Answer answer) {
  const Result<int> listening = ListenForQuestions(directory);
  if (!listening.ok()) return Error{listening.error()};
  UniqueFd socket(listening.value());
  UniqueFd stop(eventfd(0, EFD_CLOEXEC));
  if (!stop.ok()) return Error{"cannot make an event descriptor: " + ErrnoText(errno)};
  return std::unique_ptr<ChoiceServer>(
      new ChoiceServer(std::move(socket), std::move(stop), std::move(answer)));
}

ChoiceServer::ChoiceServer(UniqueFd listening, UniqueFd stop, Answer answer)
    : listening_(std::move(listening)), stop_(std::move(stop)), answer_(std::move(answer)) {
  // Signals are the main thread's business.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Serve(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ChoiceServer::~ChoiceServer() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof(one));
  thread_.join();
}

void ChoiceServer::Serve() {
  for (;;) {
    pollfd waits[] = {{listening_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (poll(waits, std::size(waits), -1) < 0 && errno != EINTR) return;
    if (waits[1].revents != 0) return;
    if (waits[0].revents != 0) AnswerOne();
  }
}

void ChoiceServer::AnswerOne() {
  const UniqueFd asking(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!asking.ok()) return;
  // The question is on its way: the asker sends as soon as it is connected.
  pollfd wait = {asking.get(), POLLIN, 0};
  constexpr int kPatienceMs = 100;
  if (poll(&wait, 1, kPatienceMs) != 1) return;
  std::string bytes(kMaxQuestionBytes, '\0');
  const ssize_t size = recv(asking.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size <= 0) return;
  bytes.resize(static_cast<size_t>(size));
  const std::optional<ChoiceQuestion> question = DecodeQuestion(bytes);
  const char answer = !question || answer_(*question) ? '1' : '0';
  send(asking.get(), &answer, 1, MSG_NOSIGNAL);
}

}  // namespace lineprof
