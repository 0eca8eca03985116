#include "attach/family.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/clock.h"
#include "base/process_files.h"

namespace lineprof {
namespace {

constexpr uint64_t kFirstWaitNs = 100'000'000;
constexpr uint64_t kLongestWaitNs = 10'000'000'000;

}  // namespace

Result<std::unique_ptr<AttachedFamily>> AttachedFamily::Start(const std::vector<pid_t>& pids,
                                                              bool with_children,
                                                              const std::string& directory,
                                                              const SamplingOptions& options) {
  std::unique_ptr<AttachedFamily> family(new AttachedFamily(with_children, directory, options));
  for (const pid_t pid : pids) {
    Result<std::unique_ptr<AttachSession>> session = AttachSession::Start(pid, directory, options);
    if (!session.ok()) return Error{session.error()};
    family->sessions_[pid] = std::move(session).value();
  }
  family->Update();
  return family;
}

void AttachedFamily::Update() {
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto next = std::next(at);
    if (at->second->target_ended()) {
      at->second->Stop();
      ended_.push_back(std::move(at->second));
      sessions_.erase(at);
    }
    at = next;
  }
  if (!with_children_) return;
  std::set<pid_t> roots;
  for (const auto& [pid, session] : sessions_) roots.insert(pid);
  const std::set<pid_t> descendants = ListDescendants(roots);
  std::erase_if(refused_, [&](const auto& entry) { return !descendants.contains(entry.first); });
  for (const pid_t pid : descendants) {
    if (!sessions_.contains(pid)) TryToRecord(pid);
  }
}

void AttachedFamily::TryToRecord(pid_t pid) {
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  const auto before = refused_.find(pid);
  if (before != refused_.end() && now < before->second.next_try_ns) return;
  Result<std::unique_ptr<AttachSession>> session = AttachSession::Start(pid, directory_, options_);
  if (session.ok()) {
    sessions_[pid] = std::move(session).value();
    refused_.erase(pid);
    return;
  }
  const uint64_t wait = before == refused_.end() ? kFirstWaitNs : before->second.wait_ns;
  refused_[pid] = {now + wait, std::min(wait * 2, kLongestWaitNs)};
}

bool AttachedFamily::has_ended() const {
  return std::all_of(sessions_.begin(), sessions_.end(),
                     [](const auto& entry) { return entry.second->target_ended(); });
}

void AttachedFamily::Stop() {
  for (auto& [pid, session] : sessions_) session->Stop();
}

}  // namespace lineprof
