#include "attach/python_threads.h"

#include <gtest/gtest.h>

#include "unit/attach/fake_interpreter.h"

namespace lineprof {
namespace {

using Block = FakeInterpreter::Block;

TEST(PythonThreads, ListsThoseThatTheKernelHas) {
  FakeInterpreter fake;
  const Block& own = fake.AddThread(gettid());
  fake.AddThread(1);  // no thread of this process
  const std::vector<PythonThread> threads = PythonThreads(fake.target).List();
  ASSERT_EQ(threads.size(), 1u);
  EXPECT_EQ(threads[0].tid, gettid());
  EXPECT_EQ(threads[0].states, std::vector<uint64_t>{FakeInterpreter::AddressOf(own)});
}

TEST(PythonThreads, AThreadOfTwoInterpretersHasBothStatesTheNewestFirst) {
  FakeInterpreter fake;
  const Block& old_state = fake.AddThread(gettid());
  Block& newer = fake.Add();
  FakeInterpreter::At(newer, fake.target.layout.interpreter_next) =
      FakeInterpreter::AddressOf(*fake.interpreter);
  FakeInterpreter::At(*fake.runtime, fake.target.layout.interpreters_head) =
      FakeInterpreter::AddressOf(newer);
  fake.interpreter = &newer;
  const Block& new_state = fake.AddThread(gettid());
  const std::vector<PythonThread> threads = PythonThreads(fake.target).List();
  ASSERT_EQ(threads.size(), 1u);
  EXPECT_EQ(threads[0].states, (std::vector<uint64_t>{FakeInterpreter::AddressOf(new_state),
                                                      FakeInterpreter::AddressOf(old_state)}));
}

TEST(PythonThreads, SeesThatTheListBeginsElsewhere) {
  FakeInterpreter fake;
  fake.AddThread(gettid());
  PythonThreads threads(fake.target);
  EXPECT_TRUE(threads.MayHaveNew());
  threads.List();
  EXPECT_FALSE(threads.MayHaveNew());
  fake.AddThread(1);
  EXPECT_TRUE(threads.MayHaveNew());
}

TEST(PythonThreads, EndsInAListWithoutEnd) {
  FakeInterpreter fake;
  Block& thread = fake.AddThread(1);
  FakeInterpreter::At(thread, fake.target.walk.layout.thread_next) =
      FakeInterpreter::AddressOf(thread);
  EXPECT_TRUE(PythonThreads(fake.target).List().empty());
}

TEST(PythonThreads, EndsAtWhatIsNoThreadState) {
  FakeInterpreter fake;
  Block& thread = fake.AddThread(gettid());
  for (const uint64_t absurd : {uint64_t{0}, uint64_t{8}, uint64_t{1} << 60, ~uint64_t{0}}) {
    FakeInterpreter::At(thread, fake.target.walk.layout.thread_next) = absurd;
    EXPECT_EQ(PythonThreads(fake.target).List().size(), 1u);
  }
  FakeInterpreter::At(thread, fake.target.walk.layout.thread_interpreter) = 0;
  EXPECT_TRUE(PythonThreads(fake.target).List().empty());
  FakeInterpreter::At(*fake.runtime, fake.target.layout.interpreters_head) = ~uint64_t{0};
  EXPECT_TRUE(PythonThreads(fake.target).List().empty());
}

TEST(PythonThreads, KnowsWhoHasTheGil) {
  FakeInterpreter fake;
  const Block& thread = fake.AddThread(gettid());
  const uint64_t state = FakeInterpreter::AddressOf(thread);
  const RuntimeLayout& layout = fake.target.layout;
  const PythonThreads threads(fake.target);
  FakeInterpreter::At(*fake.runtime, layout.gil + layout.gil_holder) = state;
  EXPECT_EQ(threads.GilHolder(state), 0u);  // it had it
  FakeInterpreter::At(*fake.runtime, layout.gil + layout.gil_locked) = 1;
  EXPECT_EQ(threads.GilHolder(state), state);
}

}  // namespace
}  // namespace lineprof
