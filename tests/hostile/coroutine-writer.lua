-- expect: ok "a b c"
-- A coroutine that is left in the middle leaves nothing open, nor closes what is not its own.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local step = coroutine.wrap(function()
    pcall(function()
      out("a ")
      coroutine.yield()
      out:capture(function() error("no") end)
    end)
    out("c")
  end)
  step()
  local text = out:capture(function() out("b ") step() end)
  out(text)
end
return f
