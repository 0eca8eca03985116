#include "cli/top_view.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "top/live_facts.h"

namespace lineprof {
namespace {

using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::nanoseconds;

// A screen should not be empty for long.
constexpr double kFirstLookS = 0.25;

nanoseconds ToNanoseconds(double seconds) {
  return duration_cast<nanoseconds>(duration<double>(seconds));
}

// Of a terminal, so that lines are not broken; elsewhere no limit.
size_t OutputColumns() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUnlimitedColumns;
}

}  // namespace

TopView::TopView(const TopOptions& options, const Selection& selection, TopTarget& target)
    : options_(options),
      target_(target),
      watch_(
          {target.directory(), target.pid(), CurrentDirectory(), options.selection.exclude_library},
          selection),
      sources_(CurrentDirectory()),
      controls_(target.is_program()),
      start_(Clock::now()),
      next_look_(start_ + ToNanoseconds(std::min(kFirstLookS, options.interval_s))) {
  controls_.Show(options.subject);
  controls_.SortBy(options.sort_column);
  if (target.is_program()) return;
  watch_.Look();
  watch_.BeginHere();
}

void TopView::Look() {
  watch_.Look();
  next_look_ = Clock::now() + std::max(ToNanoseconds(options_.interval_s), watch_.Rest());
}

Result<bool> TopView::ShowOnScreen(int input) {
  Result<std::unique_ptr<Terminal>> opened = Terminal::Open(STDOUT_FILENO, input);
  if (!opened.ok()) return Error{opened.error()};
  Terminal& terminal = *opened.value();
  for (;;) {
    Draw(terminal);
    switch (target_.Wait(input, next_look_ - Clock::now())) {
      case TopTarget::Event::kEnded:
        return true;
      case TopTarget::Event::kSignal:
        return false;
      case TopTarget::Event::kInput:
        if (!TakeKeys(terminal)) return false;
        break;
      case TopTarget::Event::kTimeout:
        break;
    }
    if (Clock::now() < next_look_) continue;
    if (controls_.is_paused()) {
      next_look_ = Clock::now() + ToNanoseconds(options_.interval_s);
    } else {
      Look();
    }
  }
}

bool TopView::TakeKeys(Terminal& terminal) {
  std::optional<Key> key = terminal.ReadKey();
  // Readable, but with nothing to read: hung up.
  if (!key && terminal.IsGone()) return false;
  for (; key; key = terminal.ReadKey()) {
    const Request request = controls_.Press(*key, TableRowsOf(terminal.Size()));
    if (!Obey(request, terminal)) return false;
  }
  return true;
}

bool TopView::Obey(Request request, Terminal& terminal) {
  switch (request) {
    case Request::kReset:
      watch_.Reset();
      break;
    case Request::kLeave:
      return false;
    case Request::kEnd:
      target_.End();
      return false;
    case Request::kSuspend:
      terminal.Suspend();
      break;
    case Request::kRepaint:
      terminal.Repaint();
      break;
    case Request::kNone:
      break;
  }
  return true;
}

void TopView::Draw(Terminal& terminal) {
  const ScreenSize size = terminal.Size();
  const std::vector<TableRow> rows = Rows();
  controls_.LimitScroll(rows.size(), TableRowsOf(size));
  ScreenFacts facts = Facts();
  ProgramOutput* output = target_.output();
  if (controls_.page() == Controls::Page::kOutput && output != nullptr) {
    facts.output = output->LastLines(size.rows);
  }
  terminal.Show(DrawScreen(
      controls_, facts, rows, [this](uint32_t line) { return SourceOf(line); }, size));
}

// Their states, and which of them have a GIL.
LiveThreads TopView::FindThreads() {
  LiveThreads threads = FindLiveThreads(watch_.looks().now);
  for (const ProcessCost& process : watch_.looks().now.processes) {
    if (process.ended) continue;
    for (const pid_t tid : gil_holders_.Of(static_cast<pid_t>(process.pid))) {
      const auto found = threads.find({process.pid, tid});
      if (found != threads.end()) found->second.state += ", GIL";
    }
  }
  return threads;
}

std::vector<TableRow> TopView::Rows() {
  const bool needs_threads = controls_.subject() == Subject::kThreads;
  return MakeRows(controls_.subject(), controls_.span(), controls_.order(), watch_.looks(),
                  watch_.places(), needs_threads ? FindThreads() : LiveThreads(),
                  FindLiveProcesses(watch_.looks().now));
}

ScreenFacts TopView::Facts() const {
  const Looks& looks = watch_.looks();
  ScreenFacts facts;
  facts.title = target_.title();
  facts.elapsed_s = duration<double>(Clock::now() - start_).count();
  facts.overview = MakeOverview(controls_.span(), looks, FindLiveProcesses(looks.now));
  facts.notes = looks.now.notes;
  if (looks.now.processes.empty()) {
    facts.notice = facts.notes.empty() ? "no Python yet" : facts.notes.front();
  }
  return facts;
}

void TopView::PrintTables() {
  next_look_ = start_ + ToNanoseconds(options_.interval_s);
  for (;;) {
    const TopTarget::Event event = target_.Wait(-1, next_look_ - Clock::now());
    if (event == TopTarget::Event::kEnded) return;
    // A program was sent it too, and may go on.
    if (event == TopTarget::Event::kSignal && !target_.is_program()) return;
    if (Clock::now() < next_look_) continue;
    Look();
    if (!Print(options_.rows)) return;
  }
}

void TopView::PrintTotals(size_t rows) {
  watch_.Look();
  controls_.Average();
  Print(rows);
}

bool TopView::Print(size_t rows) {
  const std::string text = PlainTable(
      controls_, Facts(), Rows(), [this](uint32_t line) { return SourceOf(line); }, rows,
      OutputColumns());
  return WriteAll(STDOUT_FILENO, text) == 0;
}

}  // namespace lineprof
