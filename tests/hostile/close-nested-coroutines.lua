-- expect: ok "deep"
-- Closing a coroutine closes another, whose closing closes a third, and so on.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function nest(n)
    local meta = {}
    local later = setmetatable({}, meta)
    function meta.__close() if n < 300 then nest(n + 1) end end
    local thread = coroutine.create(function()
      local guard <close> = later
      coroutine.yield()
    end)
    coroutine.resume(thread)
    local ok, why = coroutine.close(thread)
    if not ok then error(why, 0) end
  end
  local _, why = pcall(nest, 1)
  out(why)
end
return f
