-- expect: limit
-- Constants that all fall on the same place.
local t = {
--* 40000 %d*65535,
}
