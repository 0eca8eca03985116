// The task's name by way of made-up event loops' frames.
#include "pyruntime/task_name.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "pyruntime/object_layout.h"
#include "support/fake_memory.h"

namespace lineprof {
namespace {

constexpr uint64_t kFrame = 0x100000;
constexpr uint64_t kHandle = 0x200000;
constexpr uint64_t kCallback = 0x300000;
constexpr uint64_t kTask = 0x400000;
constexpr uint64_t kName = 0x500000;
constexpr uint64_t kCallbackType = 0x600000;
constexpr uint64_t kTaskType = 0x700000;
constexpr uint64_t kOwnType = 0x780000;
constexpr uint64_t kNameType = 0x800000;
constexpr uint64_t kMethod = 0x900000;

// A frame of Handle._run in 3.12 that runs a step of a task called "worker".
class FakeLoop {
 public:
  FakeLoop() {
    memory.Zero(kFrame, 256);
    memory.Put(kFrame + tasks.locals, kHandle);
    memory.Zero(kHandle, 64);
    memory.Put(kHandle + TaskLayout::kHandleCallback, kCallback);
    memory.Zero(kCallback, 64);
    memory.Put(kCallback + FrameLayout::kObjectType, kCallbackType);
    memory.Put(kCallback + TaskLayout::kWrappedTask, kTask);
    AddType(kCallbackType, "_asyncio.TaskStepMethWrapper", 32, 0);
    memory.Zero(kTask, tasks.size);
    memory.Put(kTask + FrameLayout::kObjectType, kTaskType);
    memory.Put(kTask + tasks.name, kName);
    AddType(kTaskType, "_asyncio.Task", tasks.size, 0);
    AddText(kName, "worker");
  }

  void AddType(uint64_t address, std::string_view name, uint64_t size, uint64_t flags) {
    memory.Zero(address, 512);
    memory.Put(address + ObjectLayout::kTypeName, address + 512);
    AddCString(address + 512, name);
    memory.Put(address + TaskLayout::kTypeSize, size);
    memory.Put(address + TaskLayout::kTypeFlags, flags);
  }
  void AddCString(uint64_t address, std::string_view text) {
    memory.Zero(address, 64);
    for (size_t i = 0; i < text.size(); ++i) memory.Put(address + i, text[i]);
    memory.Put(address + text.size(), '\0');
  }
  // A str of ASCII.
  void AddText(uint64_t address, std::string_view text) {
    memory.Zero(address, 512);
    AddType(kNameType, "str", 64, TaskLayout::kStrFlag);
    memory.Put(address + FrameLayout::kObjectType, kNameType);
    memory.Put(address + FrameLayout::kUnicodeLength, uint64_t{text.size()});
    memory.Put(address + FrameLayout::kUnicodeState, uint32_t{1 << 2 | 1 << 5 | 1 << 6});
    for (size_t i = 0; i < text.size(); ++i) memory.Put(address + frames.ascii_data + i, text[i]);
  }
  void AddInt(uint64_t address, uint64_t digits, uint32_t first, uint32_t second) {
    memory.Zero(address, 64);
    AddType(kNameType, "int", 24, TaskLayout::kIntFlag);
    memory.Put(address + FrameLayout::kObjectType, kNameType);
    memory.Put(address + FrameLayout::kVarObjectSize, digits << 3);
    memory.Put(address + ObjectLayout::kIntDigits, first);
    memory.Put(address + ObjectLayout::kIntDigits + 4, second);
  }
  void RunFunction(std::string_view name) {
    AddType(kCallbackType, "builtin_function_or_method", 56, 0);
    memory.Put(kCallback + TaskLayout::kFunctionMethod, kMethod);
    memory.Put(kCallback + TaskLayout::kFunctionSelf, kTask);
    memory.Zero(kMethod, 32);
    memory.Put(kMethod, kMethod + 64);
    AddCString(kMethod + 64, name);
  }

  // "" where there is none.
  std::string Read() const {
    TaskName name;
    const TaskNameReader<FakeMemory> reader(memory, frames, tasks);
    return reader.Read(kFrame, &name) ? std::string(name.bytes, name.size) : "";
  }

  const FrameLayout frames = LayoutFromTable(3, 12).value();
  const TaskLayout tasks = FindTaskLayout(12, FindObjectLayout(12, {}).value());
  FakeMemory memory;
};

TEST(TaskName, IsThatOfTheTaskWhoseStepRuns) { EXPECT_EQ(FakeLoop().Read(), "worker"); }

TEST(TaskName, IsThatOfTheTaskThatIsWokenUp) {
  FakeLoop loop;
  loop.RunFunction("task_wakeup");
  EXPECT_EQ(loop.Read(), "worker");
}

TEST(TaskName, OtherCallbacksAreNoTasks) {
  FakeLoop method;
  method.RunFunction("cancel");
  EXPECT_EQ(method.Read(), "");
  FakeLoop function;
  function.AddType(kCallbackType, "function", 144, 0);
  EXPECT_EQ(function.Read(), "");
  FakeLoop future;
  future.AddType(kTaskType, "_asyncio.Future", future.tasks.size, 0);
  EXPECT_EQ(future.Read(), "");
}

TEST(TaskName, ClassesThatAreDerivedAreTasksToo) {
  FakeLoop loop;
  loop.AddType(kOwnType, "OwnTask", loop.tasks.size + 16, 0);
  loop.memory.Put(kOwnType + TaskLayout::kTypeBase, kTaskType);
  loop.memory.Put(kTask + FrameLayout::kObjectType, kOwnType);
  EXPECT_EQ(loop.Read(), "worker");
}

TEST(TaskName, ATaskOfAnotherSizeIsNotRead) {
  FakeLoop loop;
  loop.AddType(kTaskType, "_asyncio.Task", loop.tasks.size + 8, 0);
  EXPECT_EQ(loop.Read(), "");
}

TEST(TaskName, NumbersAreTheNamesThatNobodyGave) {
  FakeLoop loop;
  loop.AddInt(kName, 1, 57, 99);
  EXPECT_EQ(loop.Read(), "Task-57");
  loop.AddInt(kName, 2, 5, 1);
  EXPECT_EQ(loop.Read(), "Task-1073741829");
  loop.AddInt(kName, 3, 5, 1);
  EXPECT_EQ(loop.Read(), "");
}

TEST(TaskName, LongNamesAreCutOff) {
  FakeLoop loop;
  loop.AddText(kName, std::string(400, 'x'));
  EXPECT_EQ(loop.Read(), std::string(TaskName::kMaxBytes, 'x'));
}

TEST(TaskName, AForgottenHandleIsNothing) {
  FakeLoop loop;
  loop.memory.Put(kFrame + loop.tasks.locals, uint64_t{0});
  EXPECT_EQ(loop.Read(), "");
}

TEST(TaskName, GarbageIsReadWithoutHarm) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    FakeLoop loop;
    const uint64_t places[] = {kFrame, kHandle, kCallback, kTask, kName, kTaskType, kCallbackType};
    loop.memory.Put(places[random() % std::size(places)] + 8 * (random() % 32), random());
    const std::string name = loop.Read();
    EXPECT_LE(name.size(), TaskName::kMaxBytes);
  }
}

TEST(TaskName, OnlyAsynciosOwnMethodIsTheEventLoops) {
  EXPECT_TRUE(IsHandleRun("/usr/lib/python3.11/asyncio/events.py", "_run"));
  EXPECT_FALSE(IsHandleRun("/usr/lib/python3.11/asyncio/events.py", "_run_once"));
  EXPECT_FALSE(IsHandleRun("/home/me/myasyncio/events.py", "_run"));
}

}  // namespace
}  // namespace lineprof
