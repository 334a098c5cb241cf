-- expect: limit "bytes of memory"
-- Long prefixes in captures of every depth.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local long = ("x"):rep(1 << 15)
  local function prefix(times)
    if times == 0 then error() end
    out:prefix(long, function() prefix(times - 1) end)
  end
  local function fill_at(depth)
    out:capture(function()
      if depth > 0 then fill_at(depth - 1) end
      pcall(prefix, 25)
      error()
    end)
  end
  for depth = 20, 1, -1 do pcall(fill_at, depth) end
end
return f
