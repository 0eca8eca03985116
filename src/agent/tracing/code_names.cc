#include "agent/tracing/code_names.h"

#include <unordered_map>

#include "agent/tracing/python_object.h"

namespace lineprof {
namespace {

constexpr long kNewLocals = 2;  // CO_NEWLOCALS: a function's code, not a module's or a class's
constexpr int kDeepest = 100;   // nesting beyond this is not from source (the parser's own limit)

auto& g_names = *new std::unordered_map<uint64_t, std::string>;

std::string NameOf(const PythonObject& code) {
  const PythonObject name = code.Attribute("co_name");
  ptrdiff_t size = 0;
  const char* text = name ? PyUnicode_AsUTF8AndSize(name.get(), &size) : nullptr;
  return text == nullptr ? std::string() : std::string(text, static_cast<size_t>(size));
}

// Names the code objects among the constants of `code`; `prefix` is what stands before their names.
void NameConstants(const PythonObject& code, const std::string& prefix, int depth) {
  const PythonObject constants = code.Attribute("co_consts");
  if (!constants || depth > kDeepest) return;
  const ptrdiff_t count = PyTuple_Size(constants.get());
  for (ptrdiff_t i = 0; i < count; ++i) {
    void* const constant = PyTuple_GetItem(constants.get(), i);
    if (constant == nullptr || !IsCodeObject(constant)) continue;
    const PythonObject inner(NewReference(constant));
    const std::string name = prefix + NameOf(inner);
    g_names[reinterpret_cast<uint64_t>(constant)] = name;
    const PythonObject flags = inner.Attribute("co_flags");
    const bool is_function = flags && (PyLong_AsLong(flags.get()) & kNewLocals) != 0;
    NameConstants(inner, name + (is_function ? ".<locals>." : "."), depth + 1);
  }
}

}  // namespace

std::string NestedName(uint64_t code) {
  const PythonObject object(NewReference(reinterpret_cast<void*>(code)));
  const std::string own = NameOf(object);
  const auto known = g_names.find(code);
  // An address may be of other code by now; at least the last part of the name must be right.
  if (known != g_names.end() && known->second.ends_with(own)) return known->second;
  const PythonObject flags = object.Attribute("co_flags");
  const bool is_function = flags && (PyLong_AsLong(flags.get()) & kNewLocals) != 0;
  NameConstants(object, is_function ? own + ".<locals>." : "", 0);
  PyErr_Clear();
  return own;
}

}  // namespace lineprof
