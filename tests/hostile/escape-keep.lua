-- expect: ok "first"
-- What is kept outside of the function is gone in the next render.
local f = require "news".format { name = "hostile", extends = "text" }
local seen = kept
kept = "seen"
function f.issue(issue, out)
  if seen then error("seen") end
  saved = { issue, out }
  out("first")
end
return f
