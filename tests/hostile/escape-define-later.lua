-- expect: script 5 "not later"
-- Renderers cannot be changed while they run.
local f = require "news".format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  f.paragraph = function() while true do end end
  out(issue.children)
end
return f
