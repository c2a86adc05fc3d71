// Starts what a page asks for. Every page also works without any of this.
import { desk } from "./desk.js";
import { openDialogs } from "./dialogs.js";
import { listenToKeys } from "./keys.js";
import { sideways } from "./sideways.js";
import { begin, focusFirst } from "./start.js";

begin(document);
desk();
openDialogs();
listenToKeys();
sideways(document);
focusFirst();

// Where one is stands in sight, also in a menu that is longer than the screen.
const menu = document.getElementById("menu");
const here = menu?.querySelector("[aria-current]");
if (here) menu.scrollTop = Math.max(0, here.offsetTop + here.offsetHeight - menu.clientHeight + 16);
