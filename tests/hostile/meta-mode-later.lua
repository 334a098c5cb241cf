-- expect: limit
-- Weak keys that hold one another: to collect them would take very long.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local weak = setmetatable({}, meta)
  meta.__mode = "k"
  local key = {}
  local first = key
  for _ = 1, 30000 do
    local next_key = {}
    weak[key] = next_key
    key = next_key
  end
  while true do local _ = { first } end
end
return f
