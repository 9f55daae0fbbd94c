#pragma once

#include <enchantum/enchantum.hpp>
