select create_click_days(@Ahead)
