-- expect: ok "error in error handling"
-- An error in the handler of an error is contained.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _, told = xpcall(error, function() error("again") end)
  out(told)
end
return f
