-- gemini.lua: gemtext. A paragraph is one line, a link a line of its own; what the line types cannot
-- say is said as in plain text.
local news = require "news"

local gemini = news.format {
  name = "gemini", extends = "text",
  media = "text/gemini; charset=utf-8", extension = "gmi",
  escape = "gemtext", width = false, links = "section",
}

-- ---- Link lines ----

local function link_line(out, url, label)
  out:cr():raw("=> "):url(url)
  if label ~= "" and label ~= url then out:raw(" ")(label) end
  out:cr()
end

-- The one link or image among these inlines, emphasis aside.
local function only(inlines)
  while #inlines == 1 do
    local inline = inlines[1]
    if inline.kind == "link" or inline.kind == "image" then return inline end
    inlines = inline.children
  end
end

local function in_quote(node)
  while node do
    if node.kind == "block_quote" then return true end
    node = node.parent
  end
  return false
end

-- Writes a paragraph that is a link or an image and nothing else as a link line. No other line type
-- can hold one, so within a quote it stays text.
local function write_alone(paragraph, out)
  local node = only(paragraph.children)
  if node == nil or in_quote(paragraph) then return false end
  if node.kind == "link" then
    local image = only(node.children)
    local label = image and image.kind == "image" and "Image: " .. image.alt or node.text
    link_line(out, node.url, label)
  elseif node.alt ~= "" then
    link_line(out, node.src, "Image: " .. node.alt)
  end
  return true
end

function gemini.paragraph(paragraph, out)
  if not write_alone(paragraph, out) then out(paragraph.children) end
end

-- An address in the text cannot be followed in gemtext, so it gets its link line like any other.
function gemini.link(link, out) out(link.children, out:ref(link, true)) end

function gemini.links(references, out)
  out:blank()
  for _, reference in ipairs(references) do
    link_line(out, reference.url, ("[%d] %s"):format(reference.number, reference.text))
  end
end

local function holds(inlines, link)
  for _, inline in ipairs(inlines) do
    if inline == link or inline.kind ~= "text" and holds(inline.children, link) then return true end
  end
  return false
end

-- ---- The issue and its headings ----

function gemini.issue(issue, out)
  local english = issue.lang == nil or issue.lang:lower():match("^%a*") == "en"
  local about = {}
  if issue.number then about[1] = (english and "Number " or "№ ") .. issue.number end
  if issue.date then
    about[#about + 1] = news.date(issue.date, english and "%-d %B %Y" or "%Y-%m-%d")
  end
  if issue.title then out:raw("# ")(issue.title):blank() end
  if #about > 0 then out:line(table.concat(about, ", ")):blank() end
  out(issue.children)
end

-- A heading's words, then the markers of its links.
local function add_markers(inlines, out)
  for _, inline in ipairs(inlines) do
    if inline.kind == "link" then
      out(out:ref(inline))
    elseif inline.kind ~= "text" then
      add_markers(inline.children, out)
    end
  end
end

function gemini.heading(heading, out)
  out:raw(("#"):rep(math.min(heading.level, 3)) .. " ")(heading.text)
  add_markers(heading.children, out)
end

-- ---- Items and lists ----

-- Whether the sentence that the title begins needs a space to go on.
local function gap(paragraph)
  local first = paragraph.children[1]
  local is_tied = first.kind == "text" and first.literal:find("^[,;'/-]") or first.literal:find("^’")
  return is_tied and "" or " "
end

-- The title is a link line; the text follows at once, and repeats the title where its sentence runs
-- on.
local function write_item(item, out, before)
  local icon = item.icon and item.icon .. " " or ""
  local body, source = item.body, item.source and " (" .. item.source .. ")" or ""
  local count = #body
  link_line(out, item.url, before .. icon .. item.title .. (count == 0 and source or ""))
  out:shown(item.link)
  for i, block in ipairs(body) do
    if i > 1 then out:blank() end
    if i == 1 and item.continues and not holds(block.children, item.link) then
      out(item.title, gap(block), block.children)
    elseif block.kind == "paragraph" then
      out(block.children)
    else
      out(block):cr()
    end
    if i == count then out(source):blank() end
  end
end

function gemini.item(item, out) write_item(item, out, "") end

-- How many lists the list is in, and whether they are in a quote.
local function surroundings(list)
  local depth, node = 0, list.parent
  while node do
    if node.kind == "list" then depth = depth + 1 end
    if node.kind == "block_quote" then return depth, true end
    node = node.parent
  end
  return depth, false
end

-- What one line can hold of an entry, behind its marker. In a quote no line can be a link.
local function write_entry(entry, out, marker, sign, quoted)
  local first = entry.children[1]
  if entry.kind == "item" and not quoted then
    write_item(entry, out, sign)
  elseif first == nil then
    out:raw(marker)
  elseif first.kind ~= "paragraph" then
    out:raw(marker)(first)
  elseif sign ~= "" or not write_alone(first, out) then
    out:raw(marker)(first.children)
  end
  out:cr()
  if entry.kind == "item" and not quoted then return end
  for i, block in ipairs(entry.children) do
    if i > 1 then out(block) end
  end
end

-- A list item is one line; nested ones follow on the same level, behind dashes. A number takes the
-- place of the star.
function gemini.list(list, out)
  local depth, quoted = surroundings(list)
  local dashes, number = ("– "):rep(depth), list.start
  for _, entry in ipairs(list.children) do
    local sign, star = dashes, "* "
    if number then
      sign = sign .. number .. ". "
      star = depth > 0 and star or ""
      number = number + 1
    elseif entry.kind == "list_item" and entry.checked ~= nil then
      sign = sign .. (entry.checked and "[x] " or "[ ] ")
    end
    write_entry(entry, out, star .. sign, sign, quoted)
    if not list.tight and #entry.children > 1 then out:blank() end
  end
end

-- ---- Blocks that gemtext shows as they are ----

local function preformatted(out, caption, lines)
  caption = caption:gsub("[\n`]", " ")
  lines = ("\n" .. lines):gsub("\n$", ""):gsub("\n```", "\n ```") -- a fence inside would end it
  out:verbatim("```" .. caption .. lines .. "\n```")
end

function gemini.code_block(block, out) preformatted(out, block.lang or "code", block.literal) end

-- What is too wide for a screen is better read as text.
function gemini.table(t, out)
  local lines, widest, names = out:capture(function() out:super(t) end), 0, {}
  for line in lines:gmatch("[^\n]+") do widest = math.max(widest, out:columns(line)) end
  for i, cell in ipairs(t.header.children) do names[i] = out:capture(cell.children) end
  if widest <= 100 then
    preformatted(out, "Table: " .. table.concat(names, ", "), lines)
  else
    out:super(t)
  end
end

function gemini.block_quote(quote, out)
  for _, block in ipairs(quote.children) do
    out:prefix("> ", block.kind == "paragraph" and block.children or block)
  end
end

gemini.thematic_break = "---"

-- ---- Inlines ----

gemini.emph = "{{ children }}"
gemini.strong = "{{ children }}"

return gemini
