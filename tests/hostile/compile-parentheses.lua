-- expect: script 4
-- Parentheses without end.
local x =
--* 1000 (
