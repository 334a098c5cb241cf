-- expect: script 4 "no name of an element"
-- A tag with a NUL in its name.
local f = require "news".format { name = "hostile", extends = "html" }
function f.issue(_, out) out:tag("a\0b") end
return f
