-- expect: script "="
-- A name a hundred thousand letters long.
local
--* 100000 a
= = 1
