-- expect: ok "false cannot resume non-suspended coroutine, false"
-- The script itself is no coroutine to be resumed or closed.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local main = coroutine.running()
  local _, why = coroutine.resume(main)
  out(tostring(_), " ", why, ", ", tostring(pcall(coroutine.close, main)))
end
return f
