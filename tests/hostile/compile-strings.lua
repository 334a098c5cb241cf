-- expect: script "unfinished"
-- A string that is never closed.
local x = 1
local s = [==[
--* 100000 x
