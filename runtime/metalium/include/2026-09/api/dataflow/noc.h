// The object form of the NoC API is not part of the model's surface. The header
// is here because its presence tells trees of mid 2026 and later from older
// ones.
#pragma once
