#include "pyruntime/task_name.h"

namespace lineprof {

TaskLayout FindTaskLayout(int minor, const ObjectLayout& objects) {
  struct Sizes {
    uint32_t name;
    uint32_t size;
  };
  // Modules/_asynciomodule.c of 3.8 to 3.15.
  constexpr Sizes kSizes[] = {{120, 144}, {160, 184}, {168, 192}, {144, 176},
                              {144, 176}, {128, 144}, {136, 168}, {136, 168}};
  const Sizes& sizes = kSizes[minor - 8];
  TaskLayout layout;
  layout.name = sizes.name;
  layout.size = sizes.size;
  layout.locals = objects.locals;
  layout.local_pointer_mask = objects.local_pointer_mask;
  layout.has_int_tag = objects.has_int_tag;
  return layout;
}

}  // namespace lineprof
