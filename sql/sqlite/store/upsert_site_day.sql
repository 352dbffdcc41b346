insert into site_days (day, visitors)
values (@Day, @Visitors)
on conflict (day) do update set visitors = visitors + excluded.visitors
