-- words.lua: what several formats say alike, for `require "news.words"`. Words of English stand only
-- in issues that are in English, or do not say what they are in.
local news = require "news"

local words = {}

-- The issue's language, or else its publication's.
function words.language(issue)
  return issue.lang or issue.publication and issue.publication.lang
end

function words.is_english(issue)
  local language = words.language(issue)
  return language == nil or language:lower():match("^%a*") == "en"
end

-- The issue that a node is of.
function words.issue_of(node)
  while node.parent do node = node.parent end
  return node
end

-- "17 May 2024"
function words.date(issue)
  return issue.date and news.date(issue.date, words.is_english(issue) and "%-d %B %Y" or "%Y-%m-%d")
end

-- Whose issue it is, which, and of when: { "The Lamp, number 31", "17 May 2024" }, or without a
-- publication { "Number 31, 17 May 2024" }.
function words.imprint(issue)
  local english, name = words.is_english(issue), issue.publication and issue.publication.name
  local number, date = issue.number, words.date(issue)
  if number then number = (english and (name and "number " or "Number ") or "№ ") .. number end
  if name and number then name = name .. ", " .. number end
  if name then return { name, date } end
  if number and date then return { number .. ", " .. date } end
  return { number or date }
end

-- The names of authors, which are written as names or with more about each.
function words.names(list)
  local names = {}
  for _, entry in ipairs(list or {}) do
    names[#names + 1] = type(entry) == "string" and entry or entry.name
  end
  return names
end

local closing = { ['"'] = true, ["'"] = true, [")"] = true, ["]"] = true, ["”"] = true, ["’"] = true, ["»"] = true }
local ending = {
  ["."] = true, ["!"] = true, ["?"] = true, [":"] = true, ["…"] = true, ["‽"] = true,
  ["。"] = true, ["！"] = true, ["？"] = true, ["："] = true, ["؟"] = true, ["۔"] = true, ["।"] = true,
}

-- Whether a text ends as a sentence does, quotation marks aside.
function words.is_sentence(text)
  local last
  repeat
    text, last = text:match("^(.*)(" .. utf8.charpattern .. ")$")
  until not closing[last]
  return ending[last] or false
end

-- A line of the contents list: the title, and the summary running on from it.
function words.contents_line(section, out, title)
  local summary = section.summary
  out(title or section.title)
  if #summary == 0 then return end
  out(words.is_sentence(section.title) and " " or ": ", summary)
end

-- "Photos: Ann Lee; the county archive." Whom several are by is named once. Nil when nobody is.
function words.credits(images, english)
  local names, seen = {}, {}
  for _, image in ipairs(images) do
    if not seen[image.credit] then names[#names + 1] = image.credit end
    seen[image.credit] = true
  end
  if #names == 0 then return nil end
  local all = table.concat(names, "; ")
  if not english then return "📷 " .. all end
  return "Photos: " .. all .. (words.is_sentence(all) and "" or ".")
end

local digits = { [0] = "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" }

-- The number of a note where there is no smaller type: ¹²
function words.superscript(number)
  return (tostring(number):gsub("%d", function(digit) return digits[tonumber(digit)] end))
end

-- An item's text, which repeats the title where its sentence runs on, and the source at its end.
function words.item_text(item, out)
  local body, source = item.body, item.source
  local count = #body
  out:shown(item.link)
  for i, block in ipairs(body) do
    if i > 1 then out:blank() end
    if i == 1 and item.continues then out(item.title) end
    if block.kind == "paragraph" then out(block.children) else out(block):cr() end
    if i == count and source then out(" (", source, ")") end
  end
end

-- The link that is all a button holds, or nil.
function words.button_link(button)
  local paragraph = button.children[1]
  if not paragraph or button.children[2] or paragraph.kind ~= "paragraph" then return nil end
  local link = paragraph.children[1]
  return link and link.kind == "link" and not paragraph.children[2] and link or nil
end

-- The box of a task.
function words.box(entry) return entry.checked and "[x] " or "[ ] " end

return words
