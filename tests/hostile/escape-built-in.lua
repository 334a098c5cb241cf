-- expect: ok "A good issue"
-- A format that extends a built-in one cannot get at its functions, nor change it.
local f = require "news".format { name = "hostile", extends = "html" }
if f.issue or f.heading then error("shown") end
f.heading = "mine"
function f.issue(issue, out)
  for name in pairs(out.options) do if name ~= "layout" then out.options[name] = 1 end end
  out:super(issue)
end
return f
