-- expect: limit 4 "steps"
-- In the renderer of a small thing, deep in the issue.
local f = require "news".format { name = "hostile", extends = "html" }
function f.emph() while true do end end
return f
