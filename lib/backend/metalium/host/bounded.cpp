// -- The reference ------------------------------------------------------------

// A value in double precision, and a bound on how far the device may be off.
struct Bounded {
  double v, e;
};
