// Logging for the syntax check of host programs; see fmt/base.h.

#pragma once

#include <fmt/format.h>

namespace tt {
enum LogType { LogAlways, LogMetal, LogFabric, LogTest, LogDevice, LogOp };
} // namespace tt

#define log_trace(...)    static_cast<void>(0)
#define log_debug(...)    static_cast<void>(0)
#define log_info(...)     static_cast<void>(0)
#define log_warning(...)  static_cast<void>(0)
#define log_error(...)    static_cast<void>(0)
#define log_critical(...) static_cast<void>(0)
#define log_fatal(...)    static_cast<void>(0)
