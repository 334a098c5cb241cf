-- expect: limit "bytes of memory"
-- Captures of every depth are made large, one after the other, and dropped.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local text = ("x"):rep(1000)
  local function fill_at(depth)
    out:capture(function()
      if depth > 0 then fill_at(depth - 1) end
      for _ = 1, 900 do out(text, " ") end
      error()
    end)
  end
  for depth = 60, 1, -1 do pcall(fill_at, depth) end
end
return f
