-- expect: ok "false"
-- A handler whose own error is handled by itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function handle() return xpcall(error, handle) and nil + 1 end
  local _, told = xpcall(error, handle)
  out(tostring(told))
end
return f
