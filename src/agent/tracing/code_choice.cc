#include "agent/tracing/code_choice.h"

#include <cstring>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "agent/tracing/code_names.h"
#include "agent/tracing/code_text.h"
#include "agent/tracing/python_object.h"
#include "agent/tracing/traced_code.h"
#include "recording/choice_channel.h"

namespace lineprof {
namespace {

ChoiceContext g_context;
void (*g_on_mark)() = nullptr;
// Never destroyed: threads may still run while the process ends.
auto& g_answers = *new std::unordered_map<std::string, bool>;
auto& g_decorated = *new std::unordered_set<uint64_t>;

bool RunsAsMain() {
  void* const globals = PyEval_GetGlobals();
  void* const name = globals == nullptr ? nullptr : PyDict_GetItemString(globals, "__name__");
  return name != nullptr &&
         PythonTextAt(*g_context.layout, reinterpret_cast<uint64_t>(name)) == "__main__";
}

std::string HeaderText(const TextReference& reference) {
  return {reinterpret_cast<const char*>(g_context.map->base) + reference.offset, reference.size};
}

bool AskFilters(uint64_t code, bool is_main) {
  ChoiceQuestion question;
  question.filename = CodeText(*g_context.layout, code, g_context.layout->code_filename);
  question.is_main = is_main;
  if (g_context.settings->trace_named) {
    question.qualified_name =
        g_context.layout->code_qualname != 0
            ? CodeText(*g_context.layout, code, g_context.layout->code_qualname)
            : NestedName(code);
  }
  const std::string key = EncodeQuestion(question);
  const auto known = g_answers.find(key);
  if (known != g_answers.end()) return known->second;
  const RecordingHeader& header = g_context.map->header();
  question.working_directory = HeaderText(header.working_directory);
  question.libraries = HeaderText(header.libraries);
  for (char& c : question.libraries) c = c == '\0' ? '\n' : c;
  const bool counted = AskChoice(g_context.settings->directory, question);
  g_answers.emplace(key, counted);
  return counted;
}

// profile(function): marks the function's code, or that of the function inside a static, class or
// other method, and gives its argument back.
void* Decorate(void*, void* function) {
  PythonObject inner = PythonObject(NewReference(function)).Attribute("__func__");
  if (!inner) {
    PyErr_Clear();
    inner = PythonObject(NewReference(function));
  }
  const PythonObject code = inner.Attribute("__code__");
  if (code) {
    const auto address = reinterpret_cast<uint64_t>(code.get());
    if (g_decorated.insert(address).second) g_codes.Erase(address);
    g_on_mark();
  }
  PyErr_Clear();
  return NewReference(function);
}

struct MethodDefinition {
  const char* name;
  void* (*function)(void* self, void* argument);
  int flags;
  const char* doc;
};
constexpr int kOneArgument = 8;  // METH_O
MethodDefinition g_profile = {"profile", Decorate, kOneArgument, nullptr};

}  // namespace

void SetChoiceContext(const ChoiceContext& context) { g_context = context; }

bool IsCodeCounted(uint64_t code) {
  if (g_context.settings->trace_decorated && g_decorated.count(code) == 0) return false;
  return !g_context.settings->trace_filtered || AskFilters(code, RunsAsMain());
}

bool MayHoldCounted(void* code) {
  if (g_context.settings->trace_decorated) return false;  // the decorator tells
  if (AskFilters(reinterpret_cast<uint64_t>(code), true)) return true;
  if (!g_context.settings->trace_named) return false;
  const PythonObject constants = PythonObject(NewReference(code)).Attribute("co_consts");
  const ptrdiff_t count = constants ? PyTuple_Size(constants.get()) : 0;
  for (ptrdiff_t i = 0; i < count; ++i) {
    void* const constant = PyTuple_GetItem(constants.get(), i);
    if (constant != nullptr && IsCodeObject(constant) && MayHoldCounted(constant)) return true;
  }
  return false;
}

bool InstallDecorator(void (*on_mark)()) {
  g_on_mark = on_mark;
  const PythonObject function(PyCFunction_NewEx(&g_profile, nullptr, nullptr));
  const PythonObject builtins(PyImport_ImportModule("builtins"));
  const PythonObject names = builtins.Attribute("__dict__");
  return function && names && PyDict_SetItemString(names.get(), "profile", function.get()) == 0;
}

}  // namespace lineprof
