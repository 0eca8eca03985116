#include "agent/tracing/thread_trace.h"

#include <pthread.h>

namespace lineprof {

TraceContext g_trace;

namespace {

TraceThread* g_free_threads = nullptr;  // of ended threads
pthread_mutex_t g_free_threads_mutex = PTHREAD_MUTEX_INITIALIZER;

class FreeListLock {
 public:
  FreeListLock() { pthread_mutex_lock(&g_free_threads_mutex); }
  ~FreeListLock() { pthread_mutex_unlock(&g_free_threads_mutex); }
  FreeListLock(const FreeListLock&) = delete;
  FreeListLock& operator=(const FreeListLock&) = delete;
};

// A record of an ended thread; null if there is none.
TraceThread* TakeFreeThread() {
  const FreeListLock lock;
  TraceThread* thread = g_free_threads;
  if (thread != nullptr) g_free_threads = thread->next_free;
  return thread;
}

const RecordingMap& Map() { return g_trace.file->map; }

uint32_t OffsetOf(const void* record) {
  return static_cast<uint32_t>(static_cast<const std::byte*>(record) - Map().base);
}

// Edges that were looked for last: a line that calls many functions has a long list of them. Keyed
// by the line's counter and the callee.
struct CachedEdge {
  const LineCounter* line;
  uint32_t callee;
  EdgeRecord* edge;
};
constexpr size_t kCachedEdges = 2048;  // a power of two
CachedEdge g_edges[kCachedEdges];

void ResetToBase(TraceThread* thread) {
  thread->chunk = &Map().At<FrameChunk>(thread->chunks);
  thread->top = thread->chunk->frames;
  *thread->top = OpenFrame{};
  thread->top->current = &g_trace.nowhere;
  thread->depth = 0;
  thread->lost_depth = 0;
}

TraceThread* NewThread() {
  const uint32_t thread_offset = AllocateGrowing(g_trace.file, sizeof(TraceThread));
  const uint32_t chunk_offset = AllocateGrowing(g_trace.file, sizeof(FrameChunk));
  if (thread_offset == 0 || chunk_offset == 0) return nullptr;
  auto& thread = Map().At<TraceThread>(thread_offset);
  thread.chunks = chunk_offset;
  uint32_t& list = Map().header().trace.threads;
  thread.next = list;
  std::atomic_ref<uint32_t>(list).store(thread_offset, std::memory_order_release);
  return &thread;
}

}  // namespace

namespace trace_detail {

bool NextChunk(TraceThread* thread) {
  FrameChunk* const chunk = thread->chunk;
  if (chunk->next == 0) {
    const uint32_t made = AllocateGrowing(g_trace.file, sizeof(FrameChunk));
    if (made == 0) {
      ++thread->lost_depth;
      ++Map().header().trace.lost_events;
      return false;
    }
    Map().At<FrameChunk>(made).previous = OffsetOf(chunk);
    std::atomic_ref<uint32_t>(chunk->next).store(made, std::memory_order_release);
  }
  thread->chunk = &Map().At<FrameChunk>(chunk->next);
  thread->top = thread->chunk->frames;
  return true;
}

void PreviousChunk(TraceThread* thread) {
  thread->chunk = &Map().At<FrameChunk>(thread->chunk->previous);
  thread->top = thread->chunk->frames + kFramesPerChunk - 1;
}

EdgeRecord* FindEdge(LineCounter* line, uint32_t callee) {
  if (line == &g_trace.nowhere) return nullptr;
  const uint64_t hash =
      (reinterpret_cast<uint64_t>(line) ^ (uint64_t{callee} << 20)) * 0x9e3779b97f4a7c15u;
  CachedEdge& cached = g_edges[hash >> 53 & (kCachedEdges - 1)];
  if (cached.line == line && cached.callee == callee) return cached.edge;
  uint32_t at = line->edges;
  while (at != 0 && Map().At<EdgeRecord>(at).callee != callee) at = Map().At<EdgeRecord>(at).next;
  if (at == 0) {
    at = AllocateGrowing(g_trace.file, sizeof(EdgeRecord));
    if (at == 0) return nullptr;
    auto& edge = Map().At<EdgeRecord>(at);
    edge.callee = callee;
    edge.next = line->edges;
    std::atomic_ref<uint32_t>(line->edges).store(at, std::memory_order_release);
  }
  cached = {line, callee, &Map().At<EdgeRecord>(at)};
  return cached.edge;
}

uint32_t ClaimEdge(TraceThread* thread, EdgeRecord* edge) {
  const uint32_t self = OffsetOf(thread);
  if (edge->active_count == 0) {
    edge->active_thread = self;
    edge->active_count = 1;
    return kOutermostCall | kOwnsEdge;
  }
  if (edge->active_thread == self) {
    ++edge->active_count;
    return kOwnsEdge;
  }
  // Another thread is in a call of this edge: see on the own stack.
  const uint32_t offset = OffsetOf(edge);
  const FrameChunk* chunk = thread->chunk;
  const OpenFrame* frame = thread->top;
  for (uint32_t left = thread->depth - 1; left > 0; --left) {
    if (frame == chunk->frames) {
      chunk = &Map().At<FrameChunk>(chunk->previous);
      frame = chunk->frames + kFramesPerChunk;
    }
    --frame;
    if (frame->edge == offset) return 0;
  }
  return kOutermostCall;
}

}  // namespace trace_detail

TraceThread* BeginTraceThread(uint64_t now) {
  TraceThread* thread = TakeFreeThread();
  if (thread == nullptr) thread = NewThread();
  if (thread == nullptr) return nullptr;
  ResetToBase(thread);
  thread->own_ticks = 0;
  thread->last_ticks = now;
  AddTo(Map().header().threads_started, 1);
  return thread;
}

void EndTraceThread(TraceThread* thread) {
  if (thread->depth > 0) return;
  const FreeListLock lock;
  thread->next_free = g_free_threads;
  g_free_threads = thread;
}

void ForgetTraceThreads() {
  pthread_mutex_init(&g_free_threads_mutex, nullptr);
  g_free_threads = nullptr;
  for (CachedEdge& cached : g_edges) cached = {};
  g_trace.nowhere = {};
}

bool ReturnToFrame(TraceThread* thread, uint64_t key, uint64_t now) {
  const FrameChunk* chunk = thread->chunk;
  const OpenFrame* frame = thread->top;
  uint32_t left = thread->depth;
  while (left > 0 && frame->key != key) {
    if (frame == chunk->frames) {
      chunk = &Map().At<FrameChunk>(chunk->previous);
      frame = chunk->frames + kFramesPerChunk;
    }
    --frame;
    --left;
  }
  if (left == 0) return false;
  thread->lost_depth = 0;
  while (thread->depth > left) LeaveFrame(thread, now);
  return true;
}

}  // namespace lineprof
