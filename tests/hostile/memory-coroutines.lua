-- expect: script "coroutines"
-- A swarm of coroutines that all wait.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local swarm = {}
  while true do
    local thread = coroutine.wrap(function() while true do coroutine.yield() end end)
    thread()
    swarm[#swarm + 1] = thread
  end
end
return f
