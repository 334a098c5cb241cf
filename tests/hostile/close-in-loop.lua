-- expect: limit "steps"
-- Nor at the end of a loop; a nil is allowed there.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do
    local _ <close> = nil
    for _ in pairs({}), nil, nil, nil do end
  end
end
return f
