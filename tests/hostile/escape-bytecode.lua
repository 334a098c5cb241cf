LuaT“ -- expect: script 1 "binary chunk"
