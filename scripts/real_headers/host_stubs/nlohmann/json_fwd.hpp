// JSON for the syntax check of host programs; see fmt/base.h.

#pragma once

#include <map>
#include <string>
#include <vector>

namespace nlohmann {

template <typename T = void, typename = void> struct adl_serializer {};

struct json {
  json() = default;
  template <typename... T> json(const T &...) {}
  template <typename T> json &operator=(const T &) { return *this; }
  template <typename T> json &operator[](const T &) { return *this; }
  template <typename T> const json &operator[](const T &) const {
    return *this;
  }
  template <typename T> T get() const;
  template <typename T> void get_to(T &) const;
  template <typename... T> static json parse(T &&...);
  template <typename... T> static json array(T &&...);
  template <typename... T> static json object(T &&...);
  template <typename... T> json at(T &&...) const;
  template <typename T> bool contains(const T &) const;
  template <typename T> void push_back(const T &);
  std::string dump(int = 0) const;
  std::size_t size() const;
  bool empty() const;
  bool is_null() const;
  std::map<std::string, json> items() const;
  const json *begin() const;
  const json *end() const;
};
using ordered_json = json;

} // namespace nlohmann
