#include "agent/tracing/machine.h"

#include <sys/resource.h>

#include <algorithm>

#include "agent/tracing/event_costs.h"
#include "agent/tracing/speed_probe.h"
#include "agent/tracing/trace_clock.h"
#include "base/clock.h"

namespace lineprof {
namespace {

constexpr double kLookNs = 1'000'000;
// Less is what reading two clocks one after the other differs by.
constexpr uint64_t kNoticedNs = 20'000;

TraceCosts g_measured;
uint64_t g_measured_speed = 1;
double g_ns_per_tick = 1;
uint64_t g_interval = 0;

thread_local ThreadUse t_use;

uint64_t NsOf(uint64_t ticks) {
  return static_cast<uint64_t>(static_cast<double>(ticks) * g_ns_per_tick);
}

ThreadUse UseAt(uint64_t ticks) {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {NsOf(ticks), ClockNs(CLOCK_THREAD_CPUTIME_ID), usage.ru_nvcsw};
}

// Takes off the interval that ends `now` what others had of it.
void LeaveOutOthers(TraceThread* thread, uint64_t now) {
  if (t_use.wall_ns == 0 || now <= thread->last_ticks) return;
  const auto taken_ns = static_cast<double>(TakenNs(t_use, UseAt(now)));
  const auto taken = static_cast<uint64_t>(taken_ns / g_ns_per_tick);
  thread->last_ticks += std::min(taken, now - thread->last_ticks);
}

}  // namespace

uint64_t TakenNs(const ThreadUse& before, const ThreadUse& now) {
  const uint64_t wall = now.wall_ns - before.wall_ns;
  const uint64_t cpu = now.cpu_ns - before.cpu_ns;
  if (now.waits != before.waits || wall < cpu + kNoticedNs) return 0;
  return wall - cpu;
}

void SetEventCosts(const TraceCosts& costs, uint64_t speed, double ns_per_tick) {
  g_measured = costs;
  g_measured_speed = speed;
  g_ns_per_tick = ns_per_tick;
  g_interval = static_cast<uint64_t>(kLookNs / ns_per_tick);
  g_trace.costs = costs;
  g_trace.look_due = 0;
}

uint64_t LookAtMachine(TraceThread* thread, uint64_t now) {
  if (thread != nullptr) LeaveOutOthers(thread, now);
  g_trace.costs = ScaleCosts(g_measured, g_measured_speed, ProbeSpeed());
  // The kernel likes to run others as a system call ends. `end` is read after the last one, so that
  // such a gap is a part of this look, and not of the next one's interval too.
  t_use = UseAt(now);
  const uint64_t end = TraceTicks();
  t_use.wall_ns = NsOf(end);
  if (thread != nullptr) thread->last_ticks += end - now;
  g_trace.look_due = end + g_interval;
  return end;
}

}  // namespace lineprof
