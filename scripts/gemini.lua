-- gemini.lua: gemtext. A paragraph is one line, a link a line of its own; what the line types cannot
-- say is said as in plain text.
local news = require "news"

local gemini = news.format {
  name = "gemini", extends = "text",
  media = "text/gemini; charset=utf-8", extension = "gmi",
  edition = "gemini", escape = "gemtext", width = false, links = "section",
}

-- ---- Link lines ----

-- Where a line begins.
local function link_line(out, url, label)
  out:raw("=> "):url(url)
  if label ~= "" and label ~= url then out:raw(" ")(label) end
  out:cr()
end

-- The one link or image among these inlines, emphasis aside.
local function only(inlines)
  while true do
    local inline = inlines[1]
    if inline == nil or inlines[2] then return nil end
    local kind = inline.kind
    if kind == "link" or kind == "image" then return inline end
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

-- Within a quote, where no line can be a link, it stays text.
function gemini.link_paragraph(paragraph, out)
  local inlines = paragraph.children
  local node = only(inlines)
  if in_quote(paragraph) then
    out(inlines)
  elseif node.kind == "image" then
    if node.alt ~= "" then link_line(out, node.src, "Image: " .. node.alt) end
  else
    local image = only(node.children)
    local label = node.text ~= "" and node.text or node.host or node.url
    if image and image.kind == "image" and image.alt ~= "" then label = "Image: " .. image.alt end
    link_line(out, node.url, label)
  end
end

-- An address in the text cannot be followed in gemtext, so it gets its link line like any other.
function gemini.autolink(link, out) out(link.children, out:ref(link, true)) end

-- So does an image, unless it is what a link shows.
function gemini.image(image, out)
  if image.alt == "" then return end
  out("[Image: ", image.alt, "]")
  if image.parent.kind ~= "link" then out(out:ref(image)) end
end

gemini.links = "=> {{ url }} [{{ number }}] {{ text }}"

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

-- A heading's words, then the markers of its links and images.
local function add_markers(inlines, out)
  for _, inline in ipairs(inlines) do
    if inline.kind == "link" or inline.kind == "image" then
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

-- The text repeats the title where its sentence runs on; the source stands at its end.
local function write_body(item, out)
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

-- The title is a link line; the text follows at once.
local function write_item(item, out, before)
  local source, has_body = item.source, item.body[1]
  local label = before .. item.title
  if item.icon then label = item.icon .. " " .. label end
  if source and not has_body then label = label .. " (" .. source .. ")" end
  link_line(out, item.url, label)
  if has_body then write_body(item, out) end
end

gemini.bare_item = "=> {{ url }} {{ icon }} {{ title }}"
function gemini.item(item, out) write_item(item, out, "") end

-- What one line can hold of an entry stands behind its marker, the rest below.
local function write_entry(entry, out, marker)
  local blocks = entry.children
  local first = blocks[1]
  out:raw(marker)
  if first == nil then return end
  out(first.kind == "paragraph" and first.children or first):cr()
  for i = 2, #blocks do out(blocks[i]) end
end

gemini.plain_item = "* \t{{ children }}"
function gemini.list_item(entry, out)
  local blocks = entry.children
  if not blocks[2] and blocks[1] and blocks[1].kind == "paragraph" and not in_quote(entry) then
    out(blocks) -- a link and nothing more: a line without a star
  else
    write_entry(entry, out, "* ")
  end
end

local function box(entry) return entry.checked and "[x] " or "[ ] " end

function gemini.task_item(entry, out) write_entry(entry, out, "* " .. box(entry)) end

-- A dash for each list that this one is in.
local function dashes(list)
  local all, node = "", list.parent
  while true do
    local kind = node.kind
    if kind == "list" then
      all = all .. "– "
    elseif kind == "section" or kind == "issue" or kind == "block_quote" then
      return all
    end
    node = node.parent
  end
end

local function is_open(list)
  for _, entry in ipairs(list.children) do
    if entry.kind == "item" and entry.body[1] then return true end
  end
  return not list.tight
end

-- A list item is one line; nested ones follow on the same level, behind dashes. A number takes the
-- place of the star.
local function write_list(list, out)
  local before, number, open = dashes(list), list.ordered and list.start, is_open(list)
  local star = number and before == "" and "" or "* "
  for _, entry in ipairs(list.children) do
    local sign = before
    if number then
      sign = sign .. number .. ". "
      number = number + 1
    end
    if open then out:blank() end
    if entry.kind == "item" then
      write_item(entry, out, sign)
    else
      if entry.checked ~= nil then sign = sign .. box(entry) end
      write_entry(entry, out, star .. sign)
      out:cr()
    end
  end
  if open then out:blank() end
end

gemini.ordered_list = write_list
gemini.nested_list = write_list

-- ---- Blocks that gemtext shows as they are ----

local function preformatted(out, caption, lines)
  caption = caption:gsub("[\n`]", " ")
  lines = ("\n" .. lines):gsub("\n$", ""):gsub("\n```", "\n ```") -- a fence inside would end it
  out:verbatim("```" .. caption .. lines .. "\n```")
end

-- A client shows a quoted line as it is, and so the marks of a fence, too.
function gemini.code_block(block, out)
  if in_quote(block) then
    out:verbatim((block.literal:gsub("\n$", "")))
  else
    preformatted(out, block.lang or "code", block.literal)
  end
end

-- What is too wide for a screen is better read as text.
function gemini.table(t, out)
  if in_quote(t) then return out:super(t) end
  local lines, widest, names = out:capture(function() out:super(t) end), 0, {}
  for line in lines:gmatch("[^\n]+") do widest = math.max(widest, out:columns(line)) end
  for i, cell in ipairs(t.header.children) do names[i] = out:capture(cell.children) end
  if widest <= 100 then
    preformatted(out, "Table: " .. table.concat(names, ", "), lines)
  else
    out:super(t)
  end
end

gemini.thematic_break = "---"

-- ---- Inlines ----

gemini.emph = "{{ children }}"
gemini.strong = "{{ children }}"

return gemini
