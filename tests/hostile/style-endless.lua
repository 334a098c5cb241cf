-- expect: limit "steps"
-- Styles are made in the script's own time.
local news = require "news"
local f = news.format { name = "hostile", extends = "text", options = { style = { "a", "b" } } }
while true do news.style(f, "b").emph = "{{ children }}" end
