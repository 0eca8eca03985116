// Builds profiles for tests and looks things up in them by what a reader knows: names and lines.
// THREAD: any.
#ifndef LINEPROF_TESTS_SUPPORT_PROFILE_VIEW_H_
#define LINEPROF_TESTS_SUPPORT_PROFILE_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lineprof/profile.h"
#include "profile/profile_builder.h"

namespace lineprof::test {

// BuildProfile for a user in /jobs, with a source cache that finds no file modified too late.
Profile Build(const std::vector<Recording>& recordings);
Profile Build(const std::vector<Recording>& recordings, const BuildOptions& options,
              Filter filter = Filter(), StackTransform stacks = StackTransform());

// In the profile's order.
std::vector<std::string> FileNames(const Profile& profile);

// The file, or null.
const SourceFile* FindFile(const Profile& profile, const std::string& name);

// The cost of the line itself; of the call from the line to the function of that name. Nothing is
// Cost{}.
Cost SelfOf(const Profile& profile, const std::string& file, uint32_t line);
Cost CallOf(const Profile& profile, const std::string& file, uint32_t line,
            const std::string& callee);

// All of the profile as text, to compare two.
std::string Describe(const Profile& profile);

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_PROFILE_VIEW_H_
