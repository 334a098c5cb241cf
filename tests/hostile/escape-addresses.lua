-- expect: ok "table function thread userdata"
-- No address is shown, by whatever road.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local shown = ("%s %s %s %s"):format({}, print, coroutine.running(), "userdata")
  if shown:find("0x") or pcall(string.format, "%p", {}) then error(shown) end
  out(shown)
end
return f
