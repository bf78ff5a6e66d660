"""Room 4: model -> Solution. The only room that knows the solver."""
