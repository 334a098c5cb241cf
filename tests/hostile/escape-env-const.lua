-- expect: script 3 "_ENV"
-- Some versions of Lua compile this to code that reads what is not theirs.
local _ENV --[[ ]] < const > = {}
x = 1
