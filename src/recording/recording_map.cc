// Two hash tables in the shared mapping, grown without locks: a record is filled, then published by
// a compare-and-swap. Code objects of a bucket are a chain that grows at its head. Nodes of a
// bucket are a binary digital search tree (Knuth, The Art of Computer Programming 3, 6.3) that
// grows at its leaves: there may be millions, and a sample looks up one for each frame, so that
// twice as many nodes must not cost more than one step more. Nothing is ever removed or moved, so a
// reader (or a handler that interrupts a writer) may follow any link at any time. Two threads that
// make equal records in the same instant: the loser of the swap looks again, finds the winner's and
// gives its own back.
#include "recording/recording_map.h"

#include <cstring>

namespace lineprof {
namespace {

constexpr uint64_t RoundUp(uint64_t size) {
  return (size + kArenaAlignment - 1) & ~(kArenaAlignment - 1);
}

// FNV-1a over 8-byte words; the sizes hashed here are multiples of 8 (arena records are padded with
// zeros). Finished by a multiply-xor so that low bits serve as the bucket.
uint64_t HashWords(const void* data, uint64_t size) {
  uint64_t hash = 0xcbf29ce484222325u;
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (uint64_t i = 0; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes + i, 8);
    hash = (hash ^ word) * 0x100000001b3u;
  }
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

std::atomic_ref<uint32_t> Bucket(const RecordingMap& map, uint32_t table, uint64_t index) {
  return std::atomic_ref<uint32_t>(map.At<uint32_t>(table + index * 4));
}

constexpr uint64_t kHashedFrom = offsetof(CodeRecord, first_line);

bool SameCode(const RecordingMap& map, uint32_t a, uint32_t b) {
  if (map.At<CodeRecord>(a).hash != map.At<CodeRecord>(b).hash ||
      map.At<CodeRecord>(a).size != map.At<CodeRecord>(b).size) {
    return false;
  }
  for (uint64_t i = kHashedFrom; i < map.At<CodeRecord>(a).size; i += 8) {
    if (map.At<uint64_t>(a + i) != map.At<uint64_t>(b + i)) return false;
  }
  return true;
}

// The bucket of a filled record, which gets its hash.
std::atomic_ref<uint32_t> HashedBucket(const RecordingMap& map, CodeRecord& record) {
  record.hash = HashWords(&record.first_line, record.size - kHashedFrom);
  return Bucket(map, map.header().code_buckets_offset, record.hash & (kCodeBuckets - 1));
}

// What equals the record at `offset` in the chain that begins with `head`; 0 if nothing does.
uint32_t FindInChain(const RecordingMap& map, uint32_t head, uint32_t offset) {
  for (uint32_t at = head; at != 0; at = map.At<CodeRecord>(at).next) {
    if (SameCode(map, at, offset)) return at;
  }
  return 0;
}

// Gives the offset of a node that nothing refers to; 0 if full.
uint32_t MakeNode(const RecordingMap& map, uint32_t parent, uint32_t code, int32_t instruction,
                  uint32_t callee) {
  const uint32_t offset = AllocateArena(map, sizeof(NodeRecord));
  if (offset == 0) return 0;
  NodeRecord& node = map.At<NodeRecord>(offset);
  node.parent = parent;
  node.code = code;
  node.instruction = instruction;
  node.callee = callee;
  return offset;
}

bool SameNode(const NodeRecord& node, uint32_t parent, uint32_t code, int32_t instruction,
              uint32_t callee) {
  return node.parent == parent && node.code == code && node.instruction == instruction &&
         node.callee == callee;
}

}  // namespace

uint32_t AllocateArena(const RecordingMap& map, uint64_t size) {
  RecordingHeader& header = map.header();
  std::atomic_ref<uint64_t> top(header.arena_top);
  uint64_t begin = top.load(std::memory_order_relaxed);
  do {
    const uint64_t capacity =
        std::atomic_ref<uint64_t>(header.capacity).load(std::memory_order_acquire);
    if (size > capacity || begin + RoundUp(size) > capacity) return 0;
  } while (!top.compare_exchange_weak(begin, begin + RoundUp(size), std::memory_order_relaxed));
  return static_cast<uint32_t>(begin);
}

void ReturnArena(const RecordingMap& map, uint32_t offset, uint64_t size) {
  uint64_t end = offset + RoundUp(size);
  // The arena is handed out zeroed: records rely on it for their padding.
  std::memset(map.base + offset, 0, RoundUp(size));
  std::atomic_ref<uint64_t>(map.header().arena_top)
      .compare_exchange_strong(end, offset, std::memory_order_relaxed);
}

uint32_t FindCode(const RecordingMap& map, uint32_t offset) {
  const auto bucket = HashedBucket(map, map.At<CodeRecord>(offset));
  return FindInChain(map, bucket.load(std::memory_order_acquire), offset);
}

uint32_t PublishCode(const RecordingMap& map, uint32_t offset) {
  CodeRecord& record = map.At<CodeRecord>(offset);
  auto bucket = HashedBucket(map, record);
  uint32_t head = bucket.load(std::memory_order_acquire);
  do {
    if (const uint32_t known = FindInChain(map, head, offset); known != 0) {
      ReturnArena(map, offset, record.size);
      return known;
    }
    record.next = head;
  } while (!bucket.compare_exchange_weak(head, offset, std::memory_order_acq_rel));
  return offset;
}

uint32_t InternNode(const RecordingMap& map, uint32_t parent, uint32_t code, int32_t instruction,
                    uint32_t callee) {
  const uint32_t key[4] = {parent, code, static_cast<uint32_t>(instruction), callee};
  const uint64_t hash = HashWords(key, sizeof(key));
  uint64_t bits = hash / kNodeBuckets;
  uint32_t* link =
      &map.At<uint32_t>(map.header().node_buckets_offset + hash % kNodeBuckets * sizeof(uint32_t));
  uint32_t made = 0;
  while (true) {
    const std::atomic_ref<uint32_t> shared(*link);
    uint32_t at = shared.load(std::memory_order_acquire);
    if (at == 0) {
      if (made == 0) made = MakeNode(map, parent, code, instruction, callee);
      if (made == 0 || shared.compare_exchange_strong(at, made, std::memory_order_acq_rel)) {
        return made;
      }
    }
    NodeRecord& node = map.At<NodeRecord>(at);
    if (SameNode(node, parent, code, instruction, callee)) {
      if (made != 0) ReturnArena(map, made, sizeof(NodeRecord));
      return at;
    }
    link = (bits & 1) == 0 ? &node.next_zero : &node.next_one;
    bits >>= 1;
  }
}

void CountLoss(const RecordingMap& map, LossReason reason, uint64_t cpu_ns) {
  LossCounter& counter = map.header().losses[static_cast<size_t>(reason)];
  AddTo(counter.samples, 1);
  AddTo(counter.cpu_ns, cpu_ns);
}

}  // namespace lineprof
